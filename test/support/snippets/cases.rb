require "json"
require_relative "snippet"

accepted = JSON.parse($stdin.binmode.read).map do |c|
  next verify(c["secret"], c["headers"], c["body"]) if c["scheme"] == "standard"
  verify_hex(c["secret"], c["headers"]["x-webhook-signature"], c["body"])
end
puts JSON.generate(accepted)
