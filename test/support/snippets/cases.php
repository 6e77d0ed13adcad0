<?php
require __DIR__ . '/snippet.php';

$accepted = [];
foreach (json_decode(file_get_contents('php://stdin'), true, 512, JSON_THROW_ON_ERROR) as $c) {
    $accepted[] = $c['scheme'] === 'standard'
        // As getenv gives what is not set.
        ? verify($c['secret'] ?? false, $c['headers'], $c['body'])
        : verify_hex($c['secret'] ?? false, $c['headers']['x-webhook-signature'] ?? null, $c['body']);
}
echo json_encode($accepted);
