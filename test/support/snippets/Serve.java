import java.util.Scanner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** Serves the guide's code for Java: see serve.mjs. */
@EnableAutoConfiguration
public class Serve {
    public static void main(String[] args) {
        ConfigurableApplicationContext app = null;
        for (Scanner lines = new Scanner(System.in); lines.hasNextLine(); ) {
            String secret = lines.nextLine();
            if (app != null) app.close();
            app = new SpringApplicationBuilder(Serve.class, WebhooksController.class)
                    .web(WebApplicationType.SERVLET)
                    .run(
                            "--server.port=0",
                            "--server.address=127.0.0.1",
                            "--server.shutdown=immediate",
                            "--logging.level.root=off",
                            "--spring.main.banner-mode=off",
                            secret.isEmpty() ? "--other" : "--webhook.secret=" + secret);
            String port = app.getEnvironment().getProperty("local.server.port");
            System.out.printf("{\"Spring Boot\":\"http://127.0.0.1:%s/webhooks\"}%n", port);
        }
        System.exit(0);
    }
}
