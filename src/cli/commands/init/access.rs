//! The flags for every way to authenticate that a settings file can name.

use std::path::PathBuf;

use clap::Args;

/// Authentication for the settings file: names of variables and files, never a secret itself.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Authentication")]
pub struct AccessArgs {
    /// Environment variable with the whole value of the Authorization header
    #[arg(long, value_name = "VAR", conflicts_with_all = ["token_env", "token_file"])]
    pub authorization_env: Option<String>,
    /// File with the whole value of the Authorization header
    #[arg(long, value_name = "FILE", conflicts_with_all = ["token_env", "token_file", "authorization_env"])]
    pub authorization_file: Option<PathBuf>,
    /// User name for Basic authentication
    #[arg(long, value_name = "USER", requires = "basic_password",
        conflicts_with_all = ["token_env", "token_file", "authorization_env", "authorization_file"])]
    pub basic_user: Option<String>,
    /// Environment variable with the user's password
    #[arg(long, value_name = "VAR", group = "basic_password", requires = "basic_user")]
    pub basic_password_env: Option<String>,
    /// File with the user's password
    #[arg(long, value_name = "FILE", group = "basic_password", requires = "basic_user")]
    pub basic_password_file: Option<PathBuf>,
    /// Token endpoint of the OAuth 2.0 client credentials grant
    #[arg(long, value_name = "URL", requires_all = ["oauth_client_id", "oauth_client_secret"],
        conflicts_with_all = ["token_env", "token_file", "authorization_env", "authorization_file", "basic_user"])]
    pub oauth_token_url: Option<String>,
    /// Id of the OAuth client
    #[arg(long, value_name = "ID", requires = "oauth_token_url")]
    pub oauth_client_id: Option<String>,
    /// Environment variable with the secret of the OAuth client
    #[arg(long, value_name = "VAR", group = "oauth_client_secret", requires = "oauth_token_url")]
    pub oauth_client_secret_env: Option<String>,
    /// File with the secret of the OAuth client
    #[arg(long, value_name = "FILE", group = "oauth_client_secret", requires = "oauth_token_url")]
    pub oauth_client_secret_file: Option<PathBuf>,
    /// Scope to request
    #[arg(long, value_name = "SCOPE", requires = "oauth_token_url")]
    pub oauth_scope: Option<String>,
    /// Where to send the client's secret: basic (a header) or body
    #[arg(long, value_name = "WHERE", requires = "oauth_token_url", value_parser = ["basic", "body"])]
    pub oauth_client_auth: Option<String>,
    /// PEM file with the client certificate, for mutual TLS
    #[arg(long, value_name = "FILE")]
    pub client_cert: Option<PathBuf>,
    /// PEM file with the client key, if it is not in the same file as the certificate
    #[arg(long, value_name = "FILE", requires = "client_cert")]
    pub client_key: Option<PathBuf>,
}
