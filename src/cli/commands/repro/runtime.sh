usage() {
  cat <<'END'
usage: sh SCRIPT

It shows a fault of a SCIM endpoint: it creates users and groups of its own, sends
the request that does it, looks at the answer, and removes what it created.

  SCIM_URL       the SCIM base URL, without /Users
  @TOKEN_ENV@ the bearer token
  SCIM_HEADER    a whole header in place of the token, such as 'Authorization: Basic ...'
  READ_LAG       seconds after a write during which reads may be stale (3)
  KEEP           if it is 1, what was created stays

It needs curl, and takes jq where there is one. Certificates and proxies are those
that curl finds (CURL_CA_BUNDLE, https_proxy).

exit status: 0 the fault is gone, 1 it is there, 2 it could not be told
END
}

case ${1-} in -h | --help) usage; exit 0 ;; esac
url=${SCIM_URL:-$default_url}
url=${url%/}
if [ $# -gt 0 ]; then
  usage >&2
  exit 2
fi
if [ -z "$url" ]; then echo 'error: SCIM_URL is not set; `sh SCRIPT --help` says what it is' >&2; exit 2; fi
if [ -z "$token$header" ]; then echo 'error: neither @TOKEN_NAME@ nor SCIM_HEADER is set' >&2; exit 2; fi
command -v curl >/dev/null 2>&1 || { echo 'error: curl is not installed' >&2; exit 2; }

umask 077
step=0 key=whole cleaning=0
tab=$(printf '\t')
random=$( (od -An -N8 -tx1 /dev/urandom || date +%s) 2>/dev/null | tr -cd '0-9a-f')
# It stands in every name, in small letters or in capitals.
t=$(printf 'r%.7s' "$random$$")
T=$(printf '%s' "$t" | tr '[:lower:]' '[:upper:]')
password=Pw-$t-$random
# Not every script has all of these.
: "$T" "$password"
work=${TMPDIR:-/tmp}/scimsnap-repro-$t-$$
mkdir "$work" || exit 2
: >"$work/made"
: >"$work/none"

could_not_tell() {
  # What goes wrong in the end is told, and the rest is still removed.
  if [ "$cleaning" = 1 ]; then
    printf '%s\n' "$1" | plain >&2
    return
  fi
  printf '\nCOULD NOT TELL: %s\n' "$1" | plain >&2
  exit 2
}

# Text without the token, and without what a CI system takes for a command.
plain() {
  secret=${token:-${header##* }}
  # What is as short as that stands everywhere.
  if [ "${#secret}" -lt 4 ]; then
    cat
  elif command -v awk >/dev/null 2>&1; then
    SECRET=$secret LC_ALL=C awk '{
      line = ""
      while ((at = index($0, ENVIRON["SECRET"])) > 0) {
        line = line substr($0, 1, at - 1) "***"
        $0 = substr($0, at + length(ENVIRON["SECRET"]))
      }
      print line $0
    }'
  else
    LC_ALL=C grep -Fv -e "$secret"
  fi | sed 's/##/# #/g'
}

# What an endpoint says, as harmless text.
harmless() {
  LC_ALL=C tr -c '\040-\176\n' '?' | plain | cut -c 1-1000 | sed -e 's/^/     | /' -e 20q
}

# The value of a header for curl's configuration, which is no argument that others could see.
authorization() {
  line=${header:-Authorization: Bearer $token}
  case $key in
    absent) return ;;
    small-letters) line="Authorization: bearer $token" ;;
    other-scheme) line="Authorization: Token $token" ;;
    no-scheme) line="Authorization: $token" ;;
    shortened) line="Authorization: Bearer ${token%?}" ;;
    extended) line="Authorization: Bearer ${token}x" ;;
  esac
  printf 'header = "%s"\n' "$(printf '%s' "$line" | sed 's/[\\"]/\\&/g')"
}

# raw METHOD PATH [CURL ARGUMENTS]: sends a request, with the body that stands in the file `sent`, if there is one.
raw() {
  method=$1
  path=$2
  shift 2
  case $key in
    absent | whole) ;;
    *) [ -n "$token" ] || could_not_tell 'a request shows the token in another form: set @TOKEN_NAME@' ;;
  esac
  [ ! -f "$work/sent" ] || set -- "$@" --data-binary "@$work/sent"
  tries=0
  while :; do
    : >"$work/head"
    : >"$work/answer"
    authorization |
      curl -q -K - -sS -g --path-as-is --max-time 90 -X "$method" -H 'Expect:' "$@" \
        -D "$work/head" -o "$work/answer" -w '%{http_code}' "$url$path" >"$work/status" 2>"$work/error"
    failed=$?
    status=$(cat "$work/status")
    case $failed in 5 | 6 | 7 | 35 | 5[1-9] | 60 | 77) could_not_tell "$(cat "$work/error")" ;; esac
    tries=$((tries + 1))
    if [ "$status" != 429 ] || [ "$tries" -gt 5 ]; then break; fi
    pause=$(tr -d '\r' <"$work/head" | sed -n 's/^[Rr][Ee][Tt][Rr][Yy]-[Aa][Ff][Tt][Ee][Rr]: *\([0-9][0-9]*\)$/\1/p')
    if [ "${pause:-1}" -gt 60 ]; then could_not_tell "the endpoint asks for a pause of $pause s"; fi
    sleep "${pause:-1}"
  done
  rm -f "$work/sent"
}

# The tokens of a JSON text, one a line.
tokens() {
  tr '\n\r\t' '   ' <"$1" | sed -e 's/"[^"\\]*\(\\.[^"\\]*\)*"/\
&\
/g' | sed -e '/^"/!s/[][{},:]/\
&\
/g' | sed -e '/^"/!s/ //g' -e '/^$/d'
}

# The values of a JSON text, each on a line with its place.
flattened() {
  if command -v jq >/dev/null 2>&1; then
    jq -r 'paths(type != "object" and type != "array") as $p
      | "body" + ($p | map("/" + tostring) | join("")) + "\t" + (getpath($p) | tojson)' "$1" 2>/dev/null
    return
  fi
  tokens "$1" >"$work/tokens"
  case $(sed 1q "$work/tokens") in '{' | '[') ;; *) return 1 ;; esac
  base=body kind=root name=
  set --
  while IFS= read -r word; do
    case $word in
      '{' | '[')
        set -- "$kind" "$base" "$name" "$@"
        [ "$kind" = root ] || base=$base/$name
        if [ "$word" = '{' ]; then kind=object name=; else kind=array name=0; fi
        ;;
      '}' | ']')
        [ $# -ge 3 ] || return 1
        kind=$1 base=$2 name=$3
        shift 3
        ;;
      ,) if [ "$kind" = array ]; then name=$((name + 1)); else name=; fi ;;
      :) ;;
      *)
        if [ "$kind" = object ] && [ -z "$name" ]; then
          name=${word#\"}
          name=${name%\"}
        else
          printf '%s/%s\t%s\n' "$base" "$name" "$word"
        fi
        ;;
    esac
  done <"$work/tokens"
  [ $# -eq 0 ]
}

# send METHOD PATH [CURL ARGUMENTS]: the same, and reads the answer.
send() {
  raw "$@"
  step=$((step + 1))
  json=yes
  flattened "$work/answer" >"$work/flat" || json=no
  [ -s "$work/answer" ] || json=no
  # sed leaves escapes as they are.
  if ! command -v jq >/dev/null 2>&1 && grep -q '\\[u/]' "$work/answer"; then escaped=1; else escaped=0; fi
  tr -d '\r' <"$work/head" | sed -n '/^[A-Za-z0-9-]*:/{
h
s/:.*//
y/ABCDEFGHIJKLMNOPQRSTUVWXYZ/abcdefghijklmnopqrstuvwxyz/
G
s/\n[^:]*: */'"$tab"'"/
s/$/"/
s/^/header\//
p
}' >>"$work/flat"
  cp "$work/flat" "$work/flat-$number"
  printf '%3d  %s %s -> %s\n' "$step" "$method" "$path" "$status" | plain
}

# took: the last request was taken, as it was in the run.
took() {
  case $status in
    2??) ;;
    401 | 403) could_not_tell "the endpoint refuses the credentials ($status)" ;;
    *)
      harmless <"$work/answer" >&2
      could_not_tell "$method $path returned $status, and 2xx is needed to go on"
      ;;
  esac
}

# values PLACE [FILE]: what stands there.
values() {
  sed -n "s|^$1$tab||p" "${2:-$work/flat}"
}

# The text of the first value that is a string or a number.
text_at() {
  values "$1" | sed -n -e '/^["0-9]/{s/^"//;s/"$//;p;q;}'
}

encoded() {
  case $1 in
    *[!A-Za-z0-9._~-]*) printf '%s' "$1" | od -An -v -tx1 | tr -d '\n' | sed 's/ /%/g' ;;
    *) printf '%s' "$1" ;;
  esac
}

# is_ours PATH: a GET shows the token.
is_ours() {
  rm -f "$work/sent"
  key=whole
  raw GET "$1" -H 'Accept: application/scim+json'
  case $status in 2??) LC_ALL=C grep -qi "$t" "$work/answer" ;; *) return 1 ;; esac
}

# made COLLECTION: keeps the id that a POST gave. What does not show the token is nobody's business here.
made() {
  id=$(text_at body/id)
  case $status in 2??) ;; *) id= ;; esac
  case $id in
    '') return ;;
    *[\"\\]* | *' '*) could_not_tell 'the endpoint gave an id with quotes or spaces' ;;
    . | ..) could_not_tell 'the endpoint gave an id that is no segment of a path' ;;
  esac
  printf '%s %s\n' "$1" "$id" >>"$work/made"
}

# needs ID COLLECTION: what is written to from now on is ours. The answer to the creation may name somebody else's id, so a
# read has the last word; where no read is answered, the answer has to show the token.
needs() {
  [ -n "$1" ] || could_not_tell "the answer to the creation in $2 gives no id"
  kept_status=$status
  if LC_ALL=C grep -qi "$t" "$work/answer"; then shown=yes; else shown=no; fi
  if ! is_ours "$2/$(encoded "$1")"; then
    case $shown$status in
      yes2?? | no*) could_not_tell "$2/$1 is not shown as what was created" ;;
    esac
  fi
  status=$kept_status
}

clean() {
  result=$?
  trap - EXIT
  cleaning=1
  [ "${KEEP-}" = 1 ] || sed '1!G;h;$!d' "$work/made" >"$work/reversed"
  [ "${KEEP-}" = 1 ] || while read -r collection id; do
    path=$collection/$(encoded "$id")
    if is_ours "$path" </dev/null; then
      raw DELETE "$path" </dev/null
      case $status in 2?? | 404) continue ;; esac
    elif [ "$status" = 404 ]; then
      continue
    fi
    printf 'left: %s (the endpoint answers %s; the name has %s in it)\n' "$path" "$status" "$t" | plain >&2
  done <"$work/reversed"
  rm -rf "$work"
  exit "$result"
}
trap clean EXIT
trap 'exit 130' HUP INT TERM

# What may be wrong with an answer. Each holds where it is.
status_in() {
  for wanted; do
    case $wanted in
      ?xx) [ "${status%??}" != "${wanted%xx}" ] || return 0 ;;
      *) [ "$status" != "$wanted" ] || return 0 ;;
    esac
  done
  return 1
}
status_not_in() { ! status_in "$@"; }
there() {
  if [ $# -eq 1 ]; then values "$1" | grep -q .; else values "$1" | grep -Fxq -e "$2"; fi
}
missing() { ! there "$@"; }
other() {
  # The last word may be -i, for the same in another case.
  values "$1" | grep -Fxvq ${3+"$3"} -e "$2"
}
not_a() {
  case $2 in
    boolean) values "$1" | grep -vqx -e true -e false ;;
    number) values "$1" | grep -vq '^-*[0-9]' ;;
    *) values "$1" | grep -vq '^"' ;;
  esac
}
twice() { values "$1" | sort | uniq -d | grep -q .; }
same_as() {
  values "$1" "$work/flat-$2" >"$work/before"
  values "$1" | grep -Fxq -f "$work/before"
}
changed_since() { there "$1" && ! same_as "$1" "$2"; }
values_are() {
  [ "$(grep '^body/' "$work/flat" | grep -vc -e "/meta/" -e "/id$tab" -e "/[$]ref$tab" -e "^body/totalResults$tab")" -eq "$1" ]
}
more_than() { [ "$(values "$1" | grep -c .)" -gt "$2" ]; }
less_than() {
  number_there=$(text_at "$1")
  case $number_there in '' | *[!0-9]*) return 1 ;; esac
  [ "$number_there" -lt "$2" ]
}
version_at() { text_at "$1" | sed -e 's|^W/||' -e 's/\\*"//g'; }
unlike() {
  one=$(version_at "$1") another=$(version_at "$2")
  [ -n "$one" ] && [ -n "$another" ] && [ "$one" != "$another" ]
}
has_text() {
  if [ "$1" = body ]; then grep -Fq -e "$2" "$work/answer"; else values "$1" | grep -Fiq -e "$2"; fi
}
no_text() { ! has_text "$@"; }
not_json() { [ "$json" = no ]; }

# reread: a read may be stale for a while.
reread() {
  waited=0
  while [ "$waited" -lt "${READ_LAG:-3}" ] && is_wrong; do
    sleep 1
    waited=$((waited + 1))
    step=$((step - 1))
    show
  done
}

verdict() {
  printf '\nthe answer (%s):\n' "$status"
  harmless <"$work/answer"
  printf 'wrong is that %s\nright is that %s\n\n' "$wrong" "$right" | plain
  if [ "$escaped" = 1 ]; then could_not_tell 'the answer has escaped letters in it: install jq'; fi
  if is_wrong; then
    printf 'STILL THERE: %s\n' "$headline" | plain
    exit 1
  fi
  printf 'GONE: %s\n' "$headline" | plain
  exit 0
}
