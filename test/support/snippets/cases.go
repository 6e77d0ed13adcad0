package main

import (
	"encoding/json"
	"net/http"
	"os"

	"snippet/webhooks"
)

func main() {
	var cases []struct {
		Scheme, Secret, Body string
		Headers              map[string]string
	}
	if err := json.NewDecoder(os.Stdin).Decode(&cases); err != nil {
		panic(err)
	}
	accepted := []bool{}
	for _, c := range cases {
		header := http.Header{}
		for name, value := range c.Headers {
			header.Set(name, value)
		}
		if c.Scheme == "standard" {
			accepted = append(accepted, webhooks.Verify(c.Secret, header, []byte(c.Body)))
		} else {
			accepted = append(accepted, webhooks.VerifyHex(c.Secret, header.Get("x-webhook-signature"), []byte(c.Body)))
		}
	}
	json.NewEncoder(os.Stdout).Encode(accepted)
}
