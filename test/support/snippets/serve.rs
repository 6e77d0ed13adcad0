// Serves the guide's code for Rust: see serve.mjs.
mod axum_app;
#[allow(dead_code)]
mod webhooks;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for line in std::io::stdin().lines() {
            match line.unwrap().as_str() {
                "" => std::env::remove_var("WEBHOOK_SECRET"),
                secret => std::env::set_var("WEBHOOK_SECRET", secret),
            }
            println!("{{\"axum\":\"http://{address}/webhooks\"}}");
        }
        std::process::exit(0);
    });
    axum::serve(listener, axum_app::routes()).await.unwrap();
}
