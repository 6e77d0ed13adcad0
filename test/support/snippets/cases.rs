mod webhooks;

use http::{HeaderMap, HeaderName, HeaderValue};
use std::io::Read;

fn main() {
    let mut input = String::new();
    std::io::stdin().read_to_string(&mut input).unwrap();
    let lines = String::from_utf8(hex::decode(input).unwrap()).unwrap();
    let accepted: Vec<bool> = lines.split('\n').map(|line| {
        let parts: Vec<&str> = line.split('\t').collect();
        let secret = String::from_utf8(hex::decode(parts[1]).unwrap_or_default()).unwrap();
        let body = hex::decode(parts[2]).unwrap();
        let mut headers = HeaderMap::new();
        for pair in parts[3..].chunks_exact(2) {
            let name = HeaderName::from_bytes(pair[0].as_bytes()).unwrap();
            headers.insert(name, HeaderValue::from_bytes(&hex::decode(pair[1]).unwrap()).unwrap());
        }
        if parts[0] == "standard" { return webhooks::verify(&secret, &headers, &body); }
        let signature = headers.get("x-webhook-signature").and_then(|value| value.to_str().ok());
        webhooks::verify_hex(&secret, signature.unwrap_or(""), &body)
    }).collect();
    println!("{accepted:?}");
}
