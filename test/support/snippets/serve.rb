# Serves the guide's code for Ruby frameworks: see serve.mjs.
require "json"
require "logger"
ENV["RAILS_ENV"] = ENV["RACK_ENV"] = "production"
require "rails"
require "action_controller/railtie"
require "puma"
require "puma/server"
require_relative "signatures"

class App < Rails::Application
  config.load_defaults Rails::VERSION::STRING.to_f
  config.eager_load = false
  config.logger = Logger.new(nil)
  config.secret_key_base = "0" * 64
end

App.initialize!
require_relative "rails_app"
require_relative "sinatra_app"
App.routes.draw { post "webhooks", to: "webhooks#create" }

def serve(app)
  server = Puma::Server.new(app, nil, { log_writer: Puma::LogWriter.null })
  port = server.add_tcp_listener("127.0.0.1", 0).addr[1]
  server.run
  "http://127.0.0.1:#{port}/webhooks"
end

urls = { "Rails" => serve(App), "Sinatra" => serve(Receiver) }
$stdin.each_line(chomp: true) do |secret|
  ENV["WEBHOOK_SECRET"] = secret.empty? ? nil : secret
  puts JSON.generate(urls)
  $stdout.flush
end
