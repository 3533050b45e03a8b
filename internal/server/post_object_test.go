package server_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
)

// A postForm is a form that a page has a browser send to S3.
type postForm struct {
	path       string // "/forms" if empty
	fields     [][2]string
	conditions []any // besides those on the signature's own fields, and on the fields and the bucket unless bare
	bare       bool
	expires    time.Duration // an hour if 0
	policy     string        // in place of one of these
	change     func(fields [][2]string) [][2]string
	fileName   string
	content    string
	last       [][2]string // fields behind the file
	cut        int         // how many bytes are not sent
}

// request makes the form, signed by c; without a key it is not signed.
func (f *postForm) request(t *testing.T, r *running, c aws.Credentials) *http.Request {
	t.Helper()
	now := time.Now().UTC()
	path := f.path
	if path == "" {
		path = "/forms"
	}
	fields := append([][2]string{}, f.fields...)
	if c.AccessKeyID != "" {
		own := [][2]string{{"x-amz-algorithm", "AWS4-HMAC-SHA256"}, {"x-amz-credential", c.AccessKeyID + now.Format("/20060102/") + "us-east-1/s3/aws4_request"},
			{"x-amz-date", now.Format("20060102T150405Z")}}
		if c.SessionToken != "" {
			own = append(own, [2]string{"x-amz-security-token", c.SessionToken})
		}
		fields = append(fields, own...)
		policy := f.policy
		if policy == "" {
			policy = f.document(t, own, strings.Trim(path, "/"), now)
		}
		policy = base64.StdEncoding.EncodeToString([]byte(policy))
		key := []byte("AWS4" + c.SecretAccessKey)
		for _, part := range []string{now.Format("20060102"), "us-east-1", "s3", "aws4_request", policy} {
			h := hmac.New(sha256.New, key)
			h.Write([]byte(part))
			key = h.Sum(nil)
		}
		fields = append(fields, [2]string{"policy", policy}, [2]string{"x-amz-signature", hex.EncodeToString(key)})
	}
	if f.change != nil {
		fields = f.change(fields)
	}
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	write := func(fields [][2]string) {
		for _, field := range fields {
			if err := w.WriteField(field[0], field[1]); err != nil {
				t.Fatal(err)
			}
		}
	}
	write(fields)
	if f.fileName != "" {
		part, err := w.CreateFormFile("file", f.fileName)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(part, f.content); err != nil {
			t.Fatal(err)
		}
	}
	write(f.last)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	body.Truncate(body.Len() - f.cut)
	req, err := http.NewRequest(http.MethodPost, r.Endpoint()+path, &body)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", w.FormDataContentType())
	return req
}

func (f *postForm) document(t *testing.T, own [][2]string, bucket string, now time.Time) string {
	t.Helper()
	conditions := append([]any{}, f.conditions...)
	if !f.bare {
		own = append(own, f.fields...)
		conditions = append(conditions, map[string]string{"bucket": bucket})
	}
	for _, field := range own {
		conditions = append(conditions, []string{"starts-with", "$" + field[0], strings.TrimSuffix(field[1], "${filename}")})
	}
	expires := f.expires
	if expires == 0 {
		expires = time.Hour
	}
	text, err := json.Marshal(map[string]any{"expiration": now.Add(expires).Format("2006-01-02T15:04:05.000Z"), "conditions": conditions})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func (r *running) post(t *testing.T, f *postForm, c aws.Credentials) (status int, header http.Header, body string) {
	t.Helper()
	req := f.request(t, r, c)
	resp, err := (&http.Client{Transport: client.Transport, Timeout: client.Timeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, resp.Header, string(text)
}

// TestFormsOfBrowsers become objects with what their fields say, and are answered as they ask.
func TestFormsOfBrowsers(t *testing.T) {
	t.Parallel()
	r, _ := onDisk(t)
	r.bucket(t, "forms")
	for _, c := range []struct {
		name     string
		form     postForm
		key      string
		status   int
		body     string
		location string // %s: the endpoint
	}{
		{name: "nothing is asked for", key: "a b/ü.txt", form: postForm{fields: [][2]string{{"key", "a b/ü.txt"}}},
			status: 204, location: "%s/forms/a%%20b%%2F%%C3%%BC.txt"},
		{name: "the name of the file", key: "up/photo.png", form: postForm{fields: [][2]string{{"key", "up/${filename}"}}, fileName: `C:\pictures\photo.png`},
			status: 204, location: "%s/forms/up%%2Fphoto.png"},
		{name: "status 200", key: "k2", form: postForm{fields: [][2]string{{"key", "k2"}, {"success_action_status", "200"}}}, status: 200, location: "%s/forms/k2"},
		{name: "status 201", key: "k3", form: postForm{fields: [][2]string{{"key", "k3"}, {"success_action_status", "201"}}}, status: 201, location: "%s/forms/k3",
			body: `<Location>%s/forms/k3</Location><Bucket>forms</Bucket><Key>k3</Key><ETag>&quot;9a0364b9e99bb480dd25e1f0284c8555&quot;</ETag></PostResponse>`},
		{name: "a status that there is not", key: "k4", form: postForm{fields: [][2]string{{"key", "k4"}, {"success_action_status", "404"}}}, status: 204, location: "%s/forms/k4"},
		{name: "elsewhere", key: "k5", form: postForm{fields: [][2]string{{"key", "k5"}, {"success_action_redirect", "http://example.com/done?x=1"}}}, status: 303,
			location: "http://example.com/done?bucket=forms&etag=%%229a0364b9e99bb480dd25e1f0284c8555%%22&key=k5&x=1"},
		{name: "elsewhere, by its old name", key: "k6", form: postForm{fields: [][2]string{{"key", "k6"}, {"redirect", "https://example.com/"}, {"success_action_status", "201"}}}, status: 303,
			location: "https://example.com/?bucket=forms&etag=%%229a0364b9e99bb480dd25e1f0284c8555%%22&key=k6"},
		{name: "nowhere", key: "k7", form: postForm{fields: [][2]string{{"key", "k7"}, {"success_action_redirect", "/done"}}}, status: 204, location: "%s/forms/k7"},
		{name: "names in any case, and fields that do not count", key: "k8", form: postForm{
			fields: [][2]string{{"KeY", "k8"}}, change: func(fields [][2]string) [][2]string {
				return append(fields, [2]string{"X-Ignore-Me", "1"})
			}, last: [][2]string{{"submit", "Upload"}, {"key", "other"}}}, status: 204, location: "%s/forms/k8"},
		{name: "checksum and MD5", key: "k9", form: postForm{fields: [][2]string{{"key", "k9"}, {"x-amz-checksum-crc32", "jHNlIQ=="}, {"Content-MD5", "mgNkuembtIDdJeHwKEyFVQ=="}}},
			status: 400, body: "<Code>BadDigest</Code>"},
		{name: "a range that it is in", key: "k10", form: postForm{fields: [][2]string{{"key", "k10"}},
			conditions: []any{[]any{"content-length-range", 7, 7}, []any{"content-length-range", "1", "100"}}}, status: 204, location: "%s/forms/k10"},
		{name: "tags", key: "k11", form: postForm{fields: [][2]string{{"key", "k11"}, {"tagging", "<Tagging><TagSet><Tag><Key>k</Key><Value>a+b</Value></Tag></TagSet></Tagging>"}}},
			status: 204, location: "%s/forms/k11"},
		{name: "everything", key: "k12", form: postForm{fields: [][2]string{{"key", "k12"}, {"Content-Type", "image/png"}, {"Cache-Control", "no-store"}, {"x-amz-meta-Owner", "me"},
			{"acl", "private"}, {"x-amz-storage-class", "STANDARD_IA"}, {"x-amz-server-side-encryption", "AES256"}}}, status: 204, location: "%s/forms/k12"},
	} {
		if c.form.fileName == "" {
			c.form.fileName = "file.txt"
		}
		c.form.content = "content"
		status, header, body := r.post(t, &c.form, r.admin())
		at := func(s string) string {
			return strings.ReplaceAll(strings.ReplaceAll(s, "%%", "\x00"), "%s", r.Endpoint())
		}
		location := strings.ReplaceAll(at(c.location), "\x00", "%")
		if status != c.status || !strings.Contains(body, strings.ReplaceAll(at(c.body), "\x00", "%")) || c.body == "" && body != "" || header.Get("Location") != location {
			t.Errorf("%s: %d %s %q, want %d %s %q", c.name, status, header.Get("Location"), body, c.status, location, c.body)
		}
		if status >= 400 {
			continue
		}
		got, err := r.s3(r.admin()).GetObject(t.Context(), &s3.GetObjectInput{Bucket: aws.String("forms"), Key: &c.key})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		text, err := io.ReadAll(got.Body)
		if err != nil || string(text) != "content" {
			t.Errorf("%s: %q %v", c.name, text, err)
		}
		if c.key == "k12" && (*got.ContentType != "image/png" || *got.CacheControl != "no-store" || got.Metadata["owner"] != "me" || got.StorageClass != "STANDARD_IA" ||
			got.ServerSideEncryption != "AES256") {
			t.Errorf("%+v", got)
		}
		if c.key == "k11" && *got.TagCount != 1 {
			t.Errorf("%+v", got)
		}
		if c.key == "k2" && *got.ContentType != "binary/octet-stream" {
			t.Errorf("%s", *got.ContentType)
		}
	}
}

// TestFormsThatAreRefused leave nothing, and are told what is wrong in S3's words.
func TestFormsThatAreRefused(t *testing.T) {
	t.Parallel()
	r, dir := onDisk(t)
	r.bucket(t, "forms")
	key := [][2]string{{"key", "user/eric/x"}}
	drop := func(name string) func([][2]string) [][2]string {
		return func(fields [][2]string) (left [][2]string) {
			for _, f := range fields {
				if f[0] != name {
					left = append(left, f)
				}
			}
			return left
		}
	}
	set := func(name, value string) func([][2]string) [][2]string {
		return func(fields [][2]string) [][2]string { return append(drop(name)(fields), [2]string{name, value}) }
	}
	large := strings.Repeat("x", 100_000)
	for _, c := range []struct {
		name   string
		form   postForm
		status int
		want   string
	}{
		{"expired", postForm{fields: key, expires: -time.Second}, 403, "<Code>AccessDenied</Code><Message>Invalid according to Policy: Policy expired.</Message>"},
		{"another value", postForm{fields: key, conditions: []any{map[string]string{"key": "user/eric/y"}}}, 403,
			"<Message>Invalid according to Policy: Policy Condition failed: [&quot;eq&quot;, &quot;$key&quot;, &quot;user/eric/y&quot;]</Message>"},
		{"another beginning", postForm{fields: key, conditions: []any{[]string{"starts-with", "$key", "user/betty/"}}}, 403,
			"Invalid according to Policy: Policy Condition failed: [&quot;starts-with&quot;, &quot;$key&quot;, &quot;user/betty/&quot;]"},
		{"a field that is not there", postForm{fields: key, conditions: []any{[]string{"eq", "$acl", ""}}}, 403, "Policy Condition failed: [&quot;eq&quot;, &quot;$acl&quot;, &quot;&quot;]"},
		{"one of two types", postForm{fields: append(key, [2]string{"Content-Type", "image/png,text/html"}), conditions: []any{[]string{"starts-with", "$Content-Type", "image/"}}}, 403,
			"Policy Condition failed: [&quot;starts-with&quot;, &quot;$Content-Type&quot;, &quot;image/&quot;]"},
		{"a field more", postForm{fields: key, change: set("x-amz-meta-more", "1")}, 403, "Invalid according to Policy: Extra input fields: x-amz-meta-more"},
		{"the bucket is not in the policy", postForm{bare: true, conditions: []any{map[string]string{"key": "user/eric/x"}}, fields: key}, 403,
			"Invalid according to Policy: Extra input fields: bucket"},
		{"another bucket is", postForm{fields: key, conditions: []any{map[string]string{"bucket": "other"}}}, 403, "Policy Condition failed: [&quot;eq&quot;, &quot;$bucket&quot;, &quot;other&quot;]"},
		{"the field bucket is none", postForm{bare: true, fields: append(key, [2]string{"bucket", "other"}), conditions: []any{map[string]string{"key": "user/eric/x"}, map[string]string{"bucket": "other"}}}, 403,
			"Policy Condition failed"},
		{"too much", postForm{fields: key, conditions: []any{[]any{"content-length-range", 0, 10}}, content: large}, 400,
			"<Code>EntityTooLarge</Code><Message>Your proposed upload exceeds the maximum allowed size</Message><ProposedSize>"},
		{"a little too much", postForm{fields: key, conditions: []any{[]any{"content-length-range", 0, 6}}}, 400,
			"<ProposedSize>7</ProposedSize><MaxSizeAllowed>6</MaxSizeAllowed>"},
		{"too little", postForm{fields: key, conditions: []any{[]any{"content-length-range", 8, 10}}}, 400,
			"<Code>EntityTooSmall</Code><Message>Your proposed upload is smaller than the minimum allowed size</Message><ProposedSize>7</ProposedSize><MinSizeAllowed>8</MinSizeAllowed>"},
		{"no key", postForm{}, 400, "<Code>InvalidArgument</Code><Message>Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.</Message>" +
			"<ArgumentName>key</ArgumentName><ArgumentValue></ArgumentValue>"},
		{"the key behind the file", postForm{last: key}, 400, "Bucket POST must contain a field named 'key'."},
		{"no file", postForm{fields: key, fileName: "-"}, 400, "<Message>POST requires exactly one file upload per request.</Message><ArgumentName>file</ArgumentName><ArgumentValue>0</ArgumentValue>"},
		{"no signature", postForm{fields: key, change: drop("x-amz-signature")}, 400, "Bucket POST must contain a field named 'X-Amz-Signature'."},
		{"no policy", postForm{fields: key, change: drop("policy")}, 400, "Bucket POST must contain a field named 'policy'."},
		{"another policy than was signed", postForm{fields: key, change: set("policy", "e30=")}, 403, "<Code>SignatureDoesNotMatch</Code>"},
		{"a key twice", postForm{fields: key, change: func(f [][2]string) [][2]string { return append(f, [2]string{"Key", "other"}) }}, 400, "<Code>InvalidRequest</Code>"},
		{"a header that nobody knows", postForm{fields: append(key, [2]string{"x-amz-unheard-of", "1"})}, 501, "<Code>NotImplemented</Code>"},
		{"an ACL", postForm{fields: append(key, [2]string{"acl", "public-read"})}, 400, "<Code>AccessControlListNotSupported</Code>"},
		{"fields that are too long", postForm{fields: append(key, [2]string{"x-amz-meta-long", large})}, 400,
			"<Code>MaxPostPreDataLengthExceededError</Code><Message>Your POST request fields preceding the upload file were too large.</Message>"},
		{"a header of a part that is too long", postForm{fields: key, change: func(f [][2]string) [][2]string {
			return append([][2]string{{"x-ignore-" + large, "1"}}, f...)
		}}, 400, "<Code>MaxPostPreDataLengthExceededError</Code>"},
		{"the name of the file again and again", postForm{fields: append(key, [2]string{"x-ignore-me", strings.Repeat("${filename}", 500)}), fileName: strings.Repeat("f", 1000)}, 400,
			"<Code>MaxPostPreDataLengthExceededError</Code>"},
		{"an ACL by both names", postForm{fields: append(key, [2]string{"acl", "private"}, [2]string{"x-amz-acl", "bucket-owner-full-control"})}, 400,
			"<Code>InvalidRequest</Code><Message>The value of x-amz-acl is given more than once.</Message>"},
		{"tags by both names", postForm{fields: append(key, [2]string{"tagging", "<Tagging><TagSet/></Tagging>"}, [2]string{"x-amz-tagging", "a=b"})}, 400,
			"<Message>The value of x-amz-tagging is given more than once.</Message>"},
		{"a type in two lines", postForm{fields: append(key, [2]string{"Content-Type", "text/plain\r\nSet-Cookie: a=b"})}, 400, "<Code>InvalidArgument</Code><Message>The value of a field has control characters.</Message><ArgumentName>content-type</ArgumentName>"},
		{"a control character", postForm{fields: append(key, [2]string{"x-amz-meta-a", "a\x01b"})}, 400, "<ArgumentName>x-amz-meta-a</ArgumentName>"},
		{"a name that is none", postForm{fields: append(key, [2]string{"x-amz-meta-a b", "a"})}, 400, "<Code>InvalidArgument</Code><Message>The name of a field cannot be that of a header.</Message><ArgumentName>x-amz-meta-a b</ArgumentName><ArgumentValue>a</ArgumentValue>"},
		{"a hash that nobody checks", postForm{fields: append(key, [2]string{"x-amz-content-sha256", strings.Repeat("0", 64)})}, 501, "x-amz-content-sha256"},
		{"another MD5", postForm{fields: append(key, [2]string{"Content-MD5", "1B2M2Y8AsgTpgAmY7PhCfg=="})}, 400, "<Code>BadDigest</Code>"},
		{"no key in the credential", postForm{fields: key, change: set("x-amz-credential", "AKIA")}, 400, "<ArgumentName>X-Amz-Credential</ArgumentName><ArgumentValue>AKIA</ArgumentValue>"},
		{"not closed", postForm{fields: key, content: large, cut: 4}, 400, "<Code>MalformedPOSTRequest</Code>"},
		{"cut in the file", postForm{fields: key, content: large, cut: 50_000}, 400, "<Code>MalformedPOSTRequest</Code>"},
		{"cut in the end", postForm{fields: key, content: large, cut: 6}, 400, "<Code>MalformedPOSTRequest</Code>"},
		{"no JSON", postForm{fields: key, policy: "policy"}, 400, "<Code>InvalidPolicyDocument</Code><Message>Invalid Policy: Invalid JSON.</Message>"},
		{"no object", postForm{fields: key, policy: "null"}, 400, "Invalid Policy: Invalid JSON."},
		{"no expiration", postForm{fields: key, policy: `{"conditions":[]}`}, 400, "Invalid Policy: Policy missing expiration."},
		{"no time", postForm{fields: key, policy: `{"expiration":"tomorrow","conditions":[]}`}, 400, "Invalid Policy: Invalid 'expiration' value: 'tomorrow'"},
		{"no conditions", postForm{fields: key, policy: `{"expiration":"2100-01-01T00:00:00Z"}`}, 400, "Invalid Policy: Policy missing conditions."},
		{"conditions that are none", postForm{fields: key, policy: `{"expiration":"2100-01-01T00:00:00Z","conditions":{}}`}, 400, "Invalid Policy: Invalid 'conditions' value: must be a List."},
		{"none of them", postForm{fields: key, policy: `{"expiration":"2100-01-01T00:00:00Z","conditions":[]}`}, 403, "Invalid according to Policy: Extra input fields: key"},
		{"another name", postForm{fields: key, policy: `{"Expiration":"2100-01-01T00:00:00Z","conditions":[]}`}, 400, "Invalid Policy: Unexpected: 'Expiration'"},
		{"two in one", postForm{fields: key, conditions: []any{map[string]string{"a": "1", "b": "2"}}}, 400, "Simple-Conditions must have exactly one property specified."},
		{"a number", postForm{fields: key, conditions: []any{map[string]int{"a": 1}}}, 400, "Invalid Policy: Invalid Simple-Condition: value must be a string."},
		{"a text", postForm{fields: key, conditions: []any{"eq"}}, 400, "Invalid Policy: Invalid condition test: must be a List or Object."},
		{"another operator", postForm{fields: key, conditions: []any{[]string{"ends-with", "$key", "x"}}}, 400, "Invalid Policy: Invalid Condition: unknown operation 'ends-with'."},
		{"two of three", postForm{fields: key, conditions: []any{[]string{"eq", "$key"}}}, 400, "Invalid Policy: Invalid eq: wrong number of arguments."},
		{"no dollar", postForm{fields: key, conditions: []any{[]string{"eq", "key", "user/eric/x"}}}, 400, "<Code>InvalidPolicyDocument</Code>"},
		{"a negative size", postForm{fields: key, conditions: []any{[]any{"content-length-range", -1, 10}}}, 400, "<Code>InvalidPolicyDocument</Code>"},
	} {
		switch c.form.fileName {
		case "-":
			c.form.fileName = ""
		case "":
			c.form.fileName = "f"
		}
		if c.form.content == "" {
			c.form.content = "content"
		}
		status, _, body := r.post(t, &c.form, r.admin())
		if status != c.status || !strings.Contains(body, c.want) {
			t.Errorf("%s: %d %s, want %d %s", c.name, status, body, c.status, c.want)
		}
	}
	for name, c := range map[string]struct {
		kind, query, want string
		status            int
	}{
		"another kind":          {"application/json", "", "<Condition>Bucket POST must be of the enclosure-type multipart/form-data</Condition>", 412},
		"no boundary":           {"multipart/form-data", "", "<Code>MalformedPOSTRequest</Code>", 400},
		"not in parts":          {"multipart/form-data; boundary=b", "", "<Code>", 400},
		"signed in two places":  {"", "?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=a/b/c/s3/aws4_request", "<Code>", 400},
		"signed by the request": {"", "", "<Code>InvalidRequest</Code>", 400},
	} {
		req := (&postForm{fields: key, fileName: "f", content: "content"}).request(t, r, r.admin())
		if c.kind != "" {
			req.Header.Set("Content-Type", c.kind)
		}
		if name == "signed by the request" {
			req.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+r.admin().AccessKeyID+time.Now().UTC().Format("/20060102/")+
				"us-east-1/s3/aws4_request, SignedHeaders=host;x-amz-date, Signature="+strings.Repeat("0", 64))
			req.Header.Set("X-Amz-Date", time.Now().UTC().Format("20060102T150405Z"))
		}
		req.URL.RawQuery = strings.TrimPrefix(c.query, "?")
		if status, _, body := send(t, req); status != c.status || !strings.Contains(body, c.want) {
			t.Errorf("%s: %d %s", name, status, body)
		}
	}
	if out, err := r.s3(r.admin()).ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: aws.String("forms")}); err != nil || len(out.Contents) > 0 {
		t.Errorf("%+v, %v", out, err)
	}
	if err := r.stop(); err != nil { // and with it every call
		t.Error(err)
	}
	if left := contentFiles(t, dir); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// TestFormsAreAuthorised as s3:PutObject by whoever signed them, or by nobody, and say how they came.
func TestFormsAreAuthorised(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	b := r.bucket(t, "forms")
	form := func(fields ...[2]string) *postForm {
		return &postForm{fields: append([][2]string{{"key", "k"}}, fields...), fileName: "f", content: "content"}
	}
	nobody := r.nobody(t, "nobody")
	user := func(name, statement string) aws.Credentials {
		return r.with(t, name, `{"Version":"2012-10-17","Statement":[`+statement+`]}`)
	}
	const allow = `{"Effect":"Allow","Action":"s3:PutObject","Resource":"arn:aws:s3:::forms/k"}`
	for i, c := range []struct {
		by     aws.Credentials
		form   *postForm
		status int
		want   string
	}{
		{nobody, form(), 403, "User: arn:aws:iam::123456789012:user/nobody is not authorized to perform: s3:PutObject on resource: &quot;arn:aws:s3:::forms/k&quot; because no identity-based policy allows the s3:PutObject action"},
		{aws.Credentials{}, form(), 403, "<Code>AccessDenied</Code><Message>Access Denied</Message>"},
		{user("writer", allow), form(), 204, ""},
		{user("writer2", allow), form([2]string{"tagging", "<Tagging><TagSet><Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tagging>"}), 403, "s3:PutObjectTagging"},
		{user("no-forms", allow+`,{"Effect":"Deny","Action":"s3:*","Resource":"*","Condition":{"StringEquals":{"s3:authType":"POST"}}}`), form(), 403, "with an explicit deny in an identity-based policy"},
		{user("only-forms", `{"Effect":"Allow","Action":"s3:PutObject","Resource":"*","Condition":{"StringEquals":{"s3:authType":"POST","s3:signatureversion":"AWS4-HMAC-SHA256"}}}`), form(), 204, ""},
		{user("storage", `{"Effect":"Allow","Action":"s3:PutObject","Resource":"*","Condition":{"StringEquals":{"s3:x-amz-storage-class":"STANDARD_IA"}}}`), form([2]string{"x-amz-storage-class", "STANDARD_IA"}), 204, ""},
		{user("storage2", `{"Effect":"Allow","Action":"s3:PutObject","Resource":"*","Condition":{"StringEquals":{"s3:x-amz-storage-class":"STANDARD_IA"}}}`), form(), 403, "because no identity-based policy"},
		{aws.Credentials{AccessKeyID: "AKIAQAAAAAAAEXAMPLE9", SecretAccessKey: "none"}, form(), 403, "<Code>InvalidAccessKeyId</Code>"},
		{aws.Credentials{AccessKeyID: r.admin().AccessKeyID, SecretAccessKey: "wrong"}, form(), 403, "<Code>SignatureDoesNotMatch</Code>"},
		{aws.Credentials{AccessKeyID: r.admin().AccessKeyID, SecretAccessKey: r.admin().SecretAccessKey, SessionToken: "none"}, form(), 400, "<Code>InvalidToken</Code>"},
		{r.admin(), &postForm{path: "/missing", fields: [][2]string{{"key", "k"}}, fileName: "f"}, 404, "<Code>NoSuchBucket</Code>"},
	} {
		if status, _, body := r.post(t, c.form, c.by); status != c.status || !strings.Contains(body, c.want) {
			t.Errorf("%d: %d %s, want %d %s", i, status, body, c.status, c.want)
		}
	}
	r.open(t, b)
	policy := `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:PutObject","Resource":"arn:aws:s3:::forms/*"}]}`
	if _, err := r.s3(r.admin()).PutBucketPolicy(t.Context(), &s3.PutBucketPolicyInput{Bucket: b, Policy: &policy}); err != nil {
		t.Fatal(err)
	}
	if status, _, body := r.post(t, form([2]string{"submit", "Send"}), aws.Credentials{}); status != 204 {
		t.Errorf("nobody, who may: %d %s", status, body)
	}
	req := form().request(t, r, aws.Credentials{})
	req.URL.Path, req.Host = "/", "forms.localhost"
	if status, header, body := send(t, req); status != 204 || header.Get("Location") != "http://forms.localhost/k" {
		t.Errorf("the bucket in the host: %d %s %s", status, header.Get("Location"), body)
	}
}
