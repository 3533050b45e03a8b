package main

import (
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/spf13/cobra"

	"github.com/ambit-iam/ambit/internal/server"
)

// ownVersion is the version of the API of Ambit's own service.
const ownVersion = "2026-11-01"

// A caller makes calls of Ambit's own service: signed, through the same door as all others.
type caller struct {
	data string
	root bool
}

func addCaller(c *cobra.Command) *caller {
	var k caller
	c.Flags().StringVar(&k.data, "data", "", "`directory` of the server's state; default: the server that was started last")
	c.Flags().BoolVar(&k.root, "root", false, "call as the root user instead of the admin")
	return &k
}

// call calls an operation and reads its answer into answer, by its XML tags.
func (k *caller) call(ctx context.Context, operation string, parameters url.Values, answer any) error {
	running, err := server.FindRunning(ctx, k.data, server.RuntimeDir(os.LookupEnv))
	if err != nil {
		return err
	}
	key, err := running.Key(k.root)
	if err != nil {
		return err
	}
	client, err := clientOf(running)
	if err != nil {
		return err
	}
	defer client.CloseIdleConnections()
	parameters.Set("Action", operation)
	parameters.Set("Version", ownVersion)
	body := parameters.Encode()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, running.Endpoint+"/", strings.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	sum := sha256.Sum256([]byte(body))
	credentials := aws.Credentials{AccessKeyID: key.ID, SecretAccessKey: key.Secret}
	if err := v4.NewSigner().SignHTTP(ctx, credentials, request, hex.EncodeToString(sum[:]), "ambit", running.Region, time.Now()); err != nil {
		return err
	}
	response, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("ask %s: %w", running.Endpoint, err)
	}
	defer response.Body.Close()
	return read(response, answer)
}

// read reads an answer; a fault of the service is an error in its words.
func read(response *http.Response, answer any) error {
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode == http.StatusOK {
		return xml.Unmarshal(text, answer)
	}
	var fault struct {
		Code    string `xml:"Error>Code"`
		Message string `xml:"Error>Message"`
	}
	if err := xml.Unmarshal(text, &fault); err != nil || fault.Code == "" {
		return fmt.Errorf("the server answered %s", response.Status)
	}
	return fmt.Errorf("%s: %s", fault.Code, fault.Message)
}

// clientOf trusts the certificate authority that the server made for itself, where it has one.
func clientOf(r server.Running) (*http.Client, error) {
	transport := &http.Transport{}
	if r.CA != "" {
		text, err := os.ReadFile(r.CA)
		if err != nil {
			return nil, fmt.Errorf("certificate of the running server: %w", err)
		}
		pool := x509.NewCertPool()
		if !pool.AppendCertsFromPEM(text) {
			return nil, errors.New(r.CA + " holds no certificate")
		}
		transport.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
	}
	return &http.Client{Transport: transport, Timeout: 30 * time.Second}, nil
}
