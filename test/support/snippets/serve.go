// Serves the guide's code for Go: see serve.mjs.
package main

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os"

	"github.com/gin-gonic/gin"

	"snippet/webhooks"
)

func serve(handler http.Handler) string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go http.Serve(listener, handler)
	return fmt.Sprintf("http://%s/webhooks", listener.Addr())
}

func main() {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /webhooks", webhooks.Receive)
	gin.SetMode(gin.ReleaseMode)
	router := gin.New()
	router.POST("/webhooks", webhooks.ReceiveGin)
	netHttpUrl, ginUrl := serve(mux), serve(router)

	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		os.Unsetenv("WEBHOOK_SECRET")
		if lines.Text() != "" {
			os.Setenv("WEBHOOK_SECRET", lines.Text())
		}
		fmt.Printf("{\"net/http\":%q,\"Gin\":%q}\n", netHttpUrl, ginUrl)
	}
}
