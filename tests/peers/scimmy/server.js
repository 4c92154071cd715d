// A SCIM service provider on scimmy-routers with everything in memory, for the interoperability test.
//
// Of its own the app enforces one thing: `userName` is unique among users, without regard to case
// (RFC 7643 section 4.1.1), and a second one is answered 409 `uniqueness`. Two groups may share a
// `displayName`, and a member stays in its groups when its user is deleted. Everything else that a
// client sees is what scimmy and scimmy-routers do.
//
// PEER_TOKEN is the bearer token it wants, PORT the port it listens on (127.0.0.1 only).

import { randomUUID } from "node:crypto";
import express from "express";
import SCIMMYRouters, { SCIMMY } from "scimmy-routers";

const { PEER_TOKEN: token, PORT: port } = process.env;
if (!token || !port) {
    console.error("PEER_TOKEN and PORT must be set");
    process.exit(2);
}

const users = new Map();
const groups = new Map();

function stored(map, id) {
    const found = map.get(id);
    if (!found) throw new SCIMMY.Types.Error(404, null, `Resource ${id} not found`);
    return found;
}

function store(map, id, created, data) {
    const now = new Date().toISOString();
    const record = { ...data, id: id ?? randomUUID(), meta: { created: created ?? now, lastModified: now } };
    map.set(record.id, record);
    return record;
}

function refuseSecondUserName(id, userName) {
    const wanted = String(userName).toLowerCase();
    for (const user of users.values()) {
        if (user.id !== id && user.userName.toLowerCase() === wanted) {
            throw new SCIMMY.Types.Error(409, "uniqueness", `userName '${userName}' is taken`);
        }
    }
}

// What scimmy hands over is an instance of its schema class; a plain copy keeps later reads from changing it.
const plain = (data) => JSON.parse(JSON.stringify(data));

function handlers(map, check) {
    return {
        ingress: (resource, data) => {
            const created = resource.id ? stored(map, resource.id).meta.created : undefined;
            const record = plain(data);
            check(resource.id, record);
            return store(map, resource.id, created, record);
        },
        egress: (resource) => {
            if (resource.id) return stored(map, resource.id);
            const all = [...map.values()];
            return resource.filter ? resource.filter.match(all) : all;
        },
        degress: (resource) => {
            stored(map, resource.id);
            map.delete(resource.id);
        },
    };
}

SCIMMY.Resources.declare(SCIMMY.Resources.User, handlers(users, (id, { userName }) => refuseSecondUserName(id, userName)));
SCIMMY.Resources.declare(SCIMMY.Resources.Group, handlers(groups, () => {}));
SCIMMY.Resources.User.extend(SCIMMY.Schemas.EnterpriseUser);

const app = express();
app.use("/scim/v2", new SCIMMYRouters({
    type: "bearer",
    handler: (request) => {
        const [scheme, given] = (request.header("authorization") ?? "").split(" ");
        if (scheme.toLowerCase() !== "bearer" || given !== token) throw new Error("The bearer token is missing or wrong");
    },
}));

app.listen(Number(port), "127.0.0.1", () => console.log(`listening on 127.0.0.1:${port}`));
