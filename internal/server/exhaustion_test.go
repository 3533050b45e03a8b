package server_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/ambit-iam/ambit/internal/server"
)

// quickly is how long an answer to any nonsense may take, on a machine that does other things too: what is not bounded takes for ever.
const quickly = 30 * time.Second

// promptly sends a request that is signed by the administrator, and demands its answer in time.
func (r *running) promptly(t *testing.T, what string, q request) (answer, string) {
	t.Helper()
	began := time.Now()
	status, header, body := send(t, r.sign(t, q, r.admin(), time.Now()))
	if took := time.Since(began); took > quickly {
		t.Errorf("%s: the answer took %v", what, took)
	}
	return answer{status, code(header, body)}, body
}

// TestNonsenseIsRefusedQuickly: what is too large, too deep, too many or no number at all is refused in the service's own words, and
// the state stays as it is.
func TestNonsenseIsRefusedQuickly(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	const create = "Action=CreateUser&Version=2010-05-08&UserName=Mallory"
	iamForm := func(more string) request { return form("iam", create+more) }
	item := func(body string) request {
		return request{service: "dynamodb", body: body, header: map[string]string{
			"X-Amz-Target": "DynamoDB_20120810.PutItem", "Content-Type": "application/x-amz-json-1.0"}}
	}
	document := func(text string) request {
		return form("iam", "Action=CreatePolicy&Version=2010-05-08&PolicyName=p&PolicyDocument="+text)
	}
	bucket := func(body string) request {
		return request{service: "s3", method: "PUT", path: "/mallorys-bucket", body: body}
	}
	var many strings.Builder
	for i := range 30_000 {
		fmt.Fprintf(&many, "&Tags.member.%d.Key=k", i+1)
	}
	r.role(t, "r", nil)
	before := r.revision(t)
	for _, c := range []struct {
		name string
		request
		want answer
	}{
		{"an absurd list index", iamForm("&Tags.member.999999999.Key=a"), answer{400, "MalformedInput"}},
		{"a list index beyond all numbers", iamForm("&Tags.member.99999999999999999999999999.Key=a"), answer{400, "MalformedInput"}},
		{"list index zero", iamForm("&Tags.member.0.Key=a"), answer{400, "MalformedInput"}},
		{"a negative list index", iamForm("&Tags.member.-1.Key=a"), answer{400, "MalformedInput"}},
		{"a list index in another spelling", iamForm("&Tags.member.01.Key=a"), answer{400, "MalformedInput"}},
		{"a list with a gap", iamForm("&Tags.member.1.Key=a&Tags.member.1.Value=b&Tags.member.3.Key=a&Tags.member.3.Value=b"), answer{400, "MalformedInput"}},
		{"an absurd list index of EC2", form("ec2", "Action=DescribeInstances&Version=2016-11-15&InstanceId.999999999=i-1"), answer{400, "MalformedInput"}},
		{"thirty thousand parameters", iamForm(many.String()), answer{404, "MalformedQueryString"}},
		{"a parameter ten thousand levels deep", iamForm("&Tags" + strings.Repeat(".a", 10_000) + "=x"), answer{400, "MalformedInput"}},
		{"a parameter with a name of a megabyte", iamForm("&" + strings.Repeat("a", 1<<20-200) + "=x"), answer{400, "MalformedInput"}},
		{"bad percent-encoding in the body", iamForm("&Path=%zz"), answer{404, "MalformedQueryString"}},
		{"percent-encoding that is cut off", iamForm("&Path=%4"), answer{404, "MalformedQueryString"}},
		{"bytes that are no text", iamForm("&Path=%ff%fe"), answer{404, "MalformedQueryString"}},
		{"a NUL in a name", iamForm("%00"), answer{400, "ValidationError"}},
		{"a body that is too large", iamForm("&Path=" + strings.Repeat("a", 1<<20)), answer{413, "RequestEntityTooLarge"}},
		{"a body that is too large for EC2", form("ec2", "Action=DescribeInstances&Version=2016-11-15&x="+strings.Repeat("a", 1<<20)), answer{413, "RequestEntityTooLarge"}},
		{"a body that is too large for JSON", item(strings.Repeat(" ", 16<<20) + "{}"), answer{413, "RequestEntityTooLargeException"}},
		{"a body that is too large for S3", bucket(strings.Repeat(" ", 1<<20+1)), answer{413, "EntityTooLarge"}},
		{"JSON ten thousand levels deep", item(strings.Repeat(`{"a":`, 10_000)), answer{400, "SerializationException"}},
		{"JSON lists a million levels deep", item(`{"a":` + strings.Repeat("[", 1<<20)), answer{400, "SerializationException"}},
		{"JSON with a key twice", item(`{"TableName":"a","TableName":"b"}`), answer{400, "SerializationException"}},
		{"JSON that is cut off", item(`{"TableName":"a`), answer{400, "SerializationException"}},
		{"JSON with text after it", item(`{"TableName":"a"}{}`), answer{400, "SerializationException"}},
		{"XML ten thousand levels deep", bucket(strings.Repeat("<a>", 10_000)), answer{400, "MalformedXML"}},
		{"XML with entities", bucket(`<!DOCTYPE a [<!ENTITY b "c">]><CreateBucketConfiguration>&b;</CreateBucketConfiguration>`), answer{400, "MalformedXML"}},
		{"a policy two hundred thousand levels deep", document(strings.Repeat("[", 200_000)), answer{400, "ValidationError"}},
		{"a deep policy", document(strings.Repeat("[", 6_000)), answer{400, "MalformedPolicyDocument"}},
		{"a session of a deep policy", form("sts", "Action=AssumeRole&Version=2011-06-15&RoleSessionName=session&RoleArn=arn:aws:iam::123456789012:role/r&Policy="+strings.Repeat("[", 2000)), answer{400, "MalformedPolicyDocument"}},
	} {
		got, body := r.promptly(t, c.name, c.request)
		if got != c.want {
			t.Errorf("%s: got %v, want %v: %.300s", c.name, got, c.want, body)
		}
		if after := r.revision(t); after != before {
			t.Fatalf("%s: the state changed", c.name)
		}
	}
}

// TestHeadersAreBounded: many headers are read, too many are not, and neither takes long.
func TestHeadersAreBounded(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	for count, want := range map[int]string{1_000: "HTTP/1.1 403 ", 1_000_000: "HTTP/1.1 431 "} {
		c := r.dial(t)
		go func() {
			w := bufio.NewWriter(c)
			_, _ = io.WriteString(w, "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n") // the server may hang up at any time
			for i := range count {
				if _, err := fmt.Fprintf(w, "X-Amz-%d: x\r\n", i); err != nil {
					return
				}
			}
			_, _ = io.WriteString(w, "\r\n")
			_ = w.Flush()
		}()
		line, err := bufio.NewReader(c).ReadString('\n')
		if err != nil || !strings.HasPrefix(line, want) {
			t.Errorf("%d headers: %q, %v", count, line, err)
		}
	}
}

func (r *running) dial(t *testing.T) net.Conn { return dial(t, r.Server) }

// dial connects for as long as the test runs, or until it is quick no more.
func dial(t *testing.T, s *server.Server) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(s.Endpoint(), "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.SetDeadline(time.Now().Add(2 * quickly)); err != nil {
		t.Fatal(err)
	}
	return c
}

// TestAnEndlessBodyIsNotReadToItsEnd: of a body without a length little more is taken than what its operation accepts,
// and not more than that is kept.
func TestAnEndlessBodyIsNotReadToItsEnd(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	for _, c := range []struct {
		name, head string
		limit      int64
		want       string
	}{
		{"query", "Content-Type: application/x-www-form-urlencoded\r\n", 1 << 20, "RequestEntityTooLarge"},
		{"json", "Content-Type: application/x-amz-json-1.0\r\nX-Amz-Target: DynamoDB_20120810.ListTables\r\n", 16 << 20, "RequestEntityTooLargeException"},
		{"s3", "", 1 << 20, "EntityTooLarge"},
	} {
		conn := r.dial(t)
		sent := make(chan int64, 1)
		go func() {
			_, _ = io.WriteString(conn, "POST / HTTP/1.1\r\nHost: localhost\r\n"+c.head+"Transfer-Encoding: chunked\r\n\r\n")
			_, _ = io.WriteString(conn, "22\r\nAction=GetUser&Version=2010-05-08&\r\n")
			piece := fmt.Sprintf("%x\r\n%s\r\n", 64<<10, strings.Repeat("a", 64<<10))
			var n int64
			for {
				if _, err := io.WriteString(conn, piece); err != nil {
					sent <- n
					return
				}
				n += 64 << 10
			}
		}()
		resp, err := http.ReadResponse(bufio.NewReader(conn), httptest.NewRequest(http.MethodPost, "/", http.NoBody))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		body, _ := io.ReadAll(resp.Body) // the connection may break off behind it
		resp.Body.Close()
		if resp.StatusCode != http.StatusRequestEntityTooLarge || code(resp.Header, string(body)) != c.want {
			t.Errorf("%s: %d %s", c.name, resp.StatusCode, body)
		}
		conn.Close()
		if n := <-sent; n > c.limit+(16<<20)+(16<<20) { // courtesy, and what lies in the buffers of two sockets
			t.Errorf("%s: %d bytes were taken", c.name, n)
		}
	}
}

// slowHeads are the beginnings of requests, and pieces that never finish them.
var slowHeads = []struct{ head, piece, told string }{
	{slowHead, "a", ""},
	{slowHead + "Content-Length: 100000\r\n\r\nAction=GetUser&Version=2010-05-08&", "a", "RequestTimeout"},
	{slowHead + "Transfer-Encoding: chunked\r\n\r\n", "1\r\na\r\n", "RequestTimeout"},
}

const slowHead = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"

// TestSlowClients are not waited for: those who do not finish their head are hung up on, those who do not finish their body are told so
// in the service's words. All have sent their beginnings when the server takes its first connection.
func TestSlowClients(t *testing.T) {
	t.Parallel()
	var slow [48]net.Conn
	startAfter(t, nil, func(s *server.Server) {
		s.Hurry(3*time.Second, 5*time.Second) // so long that nobody who runs is late
		for i := range slow {
			slow[i] = dial(t, s)
			if _, err := io.WriteString(slow[i], slowHeads[i%len(slowHeads)].head); err != nil {
				t.Fatal(err)
			}
		}
	})
	var wg sync.WaitGroup
	for i, c := range slow {
		s := slowHeads[i%len(slowHeads)]
		go func() {
			var err error
			for err == nil {
				time.Sleep(100 * time.Millisecond)
				_, err = io.WriteString(c, s.piece)
			}
		}()
		wg.Go(func() {
			text, err := io.ReadAll(c)
			var late net.Error
			if errors.As(err, &late) && late.Timeout() {
				t.Errorf("slow client %d is still connected", i)
			}
			if s.told != "" && !strings.Contains(string(text), "<Code>"+s.told+"</Code>") {
				t.Errorf("slow client %d is told %q", i, text)
			}
		})
	}
	wg.Wait()
}

// TestSlowClientsHoldNobodyUp: while they are waited for, everybody else is answered. The server waits for longer than the others do.
func TestSlowClientsHoldNobodyUp(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	for i := range 48 {
		if _, err := io.WriteString(r.dial(t), slowHeads[i%len(slowHeads)].head); err != nil {
			t.Fatal(err)
		}
	}
	for range 20 {
		if status, body := r.call(t, listBuckets, r.admin()); status != http.StatusOK {
			t.Errorf("everybody else: %d %s", status, body)
		}
	}
}

// TestLongListsOfDynamoDBAreRefusedQuickly: a request that is as long as any may be, of somebody who is permitted nothing, takes the time
// that reading it takes. To look each of its names up among all the others would take many minutes.
func TestLongListsOfDynamoDBAreRefusedQuickly(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	nobody := r.nobody(t, "nobody")
	list := func(most int, one func(i int) string) string {
		var b strings.Builder
		for i := 0; b.Len() < most; i++ {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(one(i))
		}
		return b.String()
	}
	const most = 15 << 20
	numbers := list(most/2, func(i int) string { return fmt.Sprintf(`"%d"`, 1_000_000+i) })
	denied, invalid := answer{400, "AccessDeniedException"}, answer{400, "ValidationException"}
	for _, c := range []struct {
		name, operation, body string
		want                  answer
	}{
		{"an item", "PutItem", `{"TableName":"users","Item":{` + list(most, func(i int) string { return fmt.Sprintf(`"a%d":{"NULL":true}`, i) }) + `}}`, denied},
		{"AttributesToGet", "GetItem", `{"TableName":"users","Key":{"id":{"S":"a"}},"AttributesToGet":[` +
			list(most, func(i int) string { return fmt.Sprintf(`"a%d"`, i) }) + `]}`, denied},
		{"keys that are sets", "BatchGetItem", `{"RequestItems":{"users":{"Keys":[{"a":{"NS":[` + numbers + `]}},{"a":{"NS":["1",` + numbers[:len(numbers)-10] + `]}}]}}}`, denied},
		{"AttributeDefinitions", "CreateTable", `{"TableName":"users","BillingMode":"PAY_PER_REQUEST","KeySchema":[{"AttributeName":"a0","KeyType":"HASH"}],"AttributeDefinitions":[` +
			list(most, func(i int) string { return fmt.Sprintf(`{"AttributeName":"a%d","AttributeType":"S"}`, i) }) + `]}`, invalid},
		{"GlobalSecondaryIndexes", "CreateTable", `{"TableName":"users","BillingMode":"PAY_PER_REQUEST","KeySchema":[{"AttributeName":"a0","KeyType":"HASH"}],"AttributeDefinitions":[` +
			list(most/4, func(i int) string { return fmt.Sprintf(`{"AttributeName":"a%d","AttributeType":"S"}`, i) }) + `],"GlobalSecondaryIndexes":[` +
			list(most/2, func(i int) string {
				return fmt.Sprintf(`{"IndexName":"i%d","KeySchema":[{"AttributeName":"a99999","KeyType":"HASH"}],"Projection":{"ProjectionType":"ALL"}}`, 100+i)
			}) + `]}`, invalid},
		{"GlobalSecondaryIndexUpdates", "UpdateTable", `{"TableName":"users","GlobalSecondaryIndexUpdates":[` +
			list(most, func(i int) string {
				return fmt.Sprintf(`{"Update":{"IndexName":"i%d","ProvisionedThroughput":{"ReadCapacityUnits":1,"WriteCapacityUnits":1}}}`, 100+i)
			}) + `]}`, denied},
	} {
		q := request{service: "dynamodb", body: c.body, header: map[string]string{
			"X-Amz-Target": "DynamoDB_20120810." + c.operation, "Content-Type": "application/x-amz-json-1.0"}}
		began := time.Now()
		status, header, body := send(t, r.sign(t, q, nobody, time.Now()))
		if took := time.Since(began); took > quickly {
			t.Errorf("%s: the answer took %v", c.name, took)
		}
		if got := (answer{status, code(header, body)}); got != c.want {
			t.Errorf("%s: got %v, want %v: %.300s", c.name, got, c.want, body)
		}
	}
}
