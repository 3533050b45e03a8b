package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/spf13/cobra"

	"github.com/ambit-iam/ambit/internal/server"
)

// ownVersion is the version of the API of Ambit's own service.
const ownVersion = "2026-11-01"

// A caller makes calls to the running server: signed, through the same door as all others.
type caller struct {
	data    string
	root    bool
	profile string // of the user's own credentials file; empty: the key of the server's
	region  string // of the calls; empty: the server's own
}

func addCaller(c *cobra.Command) *caller {
	var k caller
	c.Flags().StringVar(&k.data, "data", "", "`directory` of the server's state; default: the server that was started last")
	c.Flags().BoolVar(&k.root, "root", false, "call as the root user instead of the admin")
	c.Flags().StringVar(&k.profile, "profile", "", "call by a `profile` of your AWS credentials file, of another account for example")
	c.MarkFlagsMutuallyExclusive("root", "profile")
	return &k
}

// call calls an operation of Ambit's own service and reads its answer into answer, by its XML tags.
func (k *caller) call(ctx context.Context, operation string, parameters url.Values, answer any) error {
	parameters.Set("Action", operation)
	parameters.Set("Version", ownVersion)
	text, status, err := k.send(ctx, "ambit", map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, parameters.Encode())
	if err != nil {
		return err
	}
	if status == http.StatusOK {
		return xml.Unmarshal(text, answer)
	}
	var fault struct {
		Code    string `xml:"Error>Code"`
		Message string `xml:"Error>Message"`
	}
	if err := xml.Unmarshal(text, &fault); err != nil || fault.Code == "" {
		return fmt.Errorf("the server answered %d", status)
	}
	return fmt.Errorf("%s: %s", fault.Code, fault.Message)
}

// lookupEvents asks CloudTrail for one page of what was written down, the newest first.
func (k *caller) lookupEvents(ctx context.Context, input map[string]any, answer any) error {
	body, err := json.Marshal(input)
	if err != nil {
		return err
	}
	text, status, err := k.send(ctx, "cloudtrail", map[string]string{
		"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents",
	}, string(body))
	if err != nil {
		return err
	}
	if status == http.StatusOK {
		return json.Unmarshal(text, answer)
	}
	var fault struct { // a refusal to authorise spells Message with a capital, which is the same to encoding/json
		Code    string `json:"__type"`
		Message string
	}
	if err := json.Unmarshal(text, &fault); err != nil || fault.Code == "" {
		return fmt.Errorf("the server answered %d", status)
	}
	return fmt.Errorf("%s: %s", fault.Code, fault.Message)
}

// send signs a request to the running server and returns what is answered.
func (k *caller) send(ctx context.Context, service string, header map[string]string, body string) (text []byte, status int, err error) {
	running, err := server.FindRunning(ctx, k.data, server.RuntimeDir(os.LookupEnv))
	if err != nil {
		return nil, 0, err
	}
	key, err := k.key(running)
	if err != nil {
		return nil, 0, err
	}
	client, err := clientOf(running)
	if err != nil {
		return nil, 0, err
	}
	defer client.CloseIdleConnections()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, running.Endpoint+"/", strings.NewReader(body))
	if err != nil {
		return nil, 0, err
	}
	for name, value := range header {
		request.Header.Set(name, value)
	}
	region := cmp.Or(k.region, running.Region)
	sum := sha256.Sum256([]byte(body))
	credentials := aws.Credentials{AccessKeyID: key.ID, SecretAccessKey: key.Secret}
	if err := v4.NewSigner().SignHTTP(ctx, credentials, request, hex.EncodeToString(sum[:]), service, region, time.Now()); err != nil {
		return nil, 0, err
	}
	response, err := client.Do(request)
	if err != nil {
		return nil, 0, fmt.Errorf("ask %s: %w", running.Endpoint, err)
	}
	defer response.Body.Close()
	text, err = io.ReadAll(response.Body)
	return text, response.StatusCode, err
}

// key is what the caller signs with.
func (k *caller) key(running server.Running) (server.Key, error) {
	if k.profile == "" {
		return running.Key(k.root)
	}
	file := os.Getenv("AWS_SHARED_CREDENTIALS_FILE")
	if file == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return server.Key{}, err
		}
		file = filepath.Join(home, ".aws", "credentials")
	}
	return server.ReadKey(file, k.profile)
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
