package soak_test

import (
	"bytes"
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

const (
	account = "123456789012"
	region  = "us-east-1"
)

// A refusal is an answer that is no success: what was asked for did not happen.
type refusal struct {
	status int
	body   string
}

func (r *refusal) Error() string { return fmt.Sprintf("%d %.400s", r.status, r.body) }

// A client signs requests to one server.
type client struct {
	endpoint string
	key      aws.Credentials
	http     *http.Client
}

func newClient(endpoint string, key aws.Credentials) *client {
	return &client{endpoint: endpoint, key: key, http: &http.Client{
		Transport: &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true}, Timeout: 2 * time.Minute,
	}}
}

func (c *client) close() { c.http.CloseIdleConnections() }

// sign makes a request whose signature covers sent; the body may be another one.
func (c *client) sign(service, method, path string, header map[string]string, sent []byte, body io.Reader) (*http.Request, error) {
	r, err := http.NewRequest(method, c.endpoint+path, body)
	if err != nil {
		return nil, err
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	r.ContentLength = int64(len(sent))
	sum := sha256.Sum256(sent)
	hash := hex.EncodeToString(sum[:])
	if service == "s3" {
		r.Header.Set("X-Amz-Content-Sha256", hash)
	}
	signer := v4.NewSigner(func(o *v4.SignerOptions) { o.DisableURIPathEscaping = service == "s3" })
	return r, signer.SignHTTP(context.Background(), c.key, r, hash, service, region, time.Now())
}

// do sends a request and returns the answer's body, or a *refusal, or that nothing was heard.
func (c *client) do(service, method, path string, header map[string]string, body []byte) ([]byte, error) {
	r, err := c.sign(service, method, path, header, body, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	resp, err := c.http.Do(r)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode >= 300 {
		return nil, &refusal{resp.StatusCode, string(text)}
	}
	return text, nil
}

// query is a call of IAM.
func (c *client) query(action string, parameters ...string) ([]byte, error) {
	form := url.Values{"Action": {action}, "Version": {"2010-05-08"}}
	for i := 0; i < len(parameters); i += 2 {
		form.Set(parameters[i], parameters[i+1])
	}
	return c.do("iam", http.MethodPost, "/", map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, []byte(form.Encode()))
}

// dynamodb is a call of DynamoDB.
func (c *client) dynamodb(operation string, input, output any) error {
	body, err := json.Marshal(input)
	if err != nil {
		return err
	}
	answer, err := c.do("dynamodb", http.MethodPost, "/", map[string]string{
		"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": "DynamoDB_20120810." + operation}, body)
	if err != nil || output == nil {
		return err
	}
	return json.Unmarshal(answer, output)
}

// list is a call of S3 that answers with XML.
func (c *client) list(path string, output any) error {
	answer, err := c.do("s3", http.MethodGet, path, nil, nil)
	if err != nil {
		return err
	}
	return xml.Unmarshal(answer, output)
}

// breakOff sends half of a body, and hangs up.
func (c *client) breakOff(path string, content []byte) error {
	r, err := c.sign("s3", http.MethodPut, path, nil, content, nil)
	if err != nil {
		return err
	}
	conn, err := net.Dial("tcp", strings.TrimPrefix(c.endpoint, "http://"))
	if err != nil {
		return err
	}
	var head bytes.Buffer
	fmt.Fprintf(&head, "PUT %s HTTP/1.1\r\nHost: %s\r\nContent-Length: %d\r\n", path, r.Host, len(content))
	if err := r.Header.Write(&head); err != nil {
		return errors.Join(err, conn.Close())
	}
	_, err = fmt.Fprintf(conn, "%s\r\n%s", head.Bytes(), content[:len(content)/2])
	return errors.Join(err, conn.Close())
}

// answered tells a refusal from silence.
func answered(err error) bool {
	var r *refusal
	return errors.As(err, &r)
}

// etag is what S3 calls a part.
func etag(content []byte) string {
	sum := md5.Sum(content)
	return hex.EncodeToString(sum[:])
}

func base64Of(b []byte) string { return base64.StdEncoding.EncodeToString(b) }
