"""Runs the handler of a function of the python runtimes: takes events from Lambda's Runtime API, calls the handler, posts what it
answers. What it needs of Python it takes before the code can change it."""

import sys

sys.path.pop(0)  # this directory: its files are no modules of the code

import http.client
import importlib
import json
import logging
import os
import re
import socket
import time
import traceback

HERE = os.path.abspath(__file__)
API = "/2018-06-01/runtime"
OPT = os.environ.pop("_AMBIT_OPT")


class Fault(Exception):
    """A fault of the function that the runtime names."""

    def __init__(self, kind, message, trace=None):
        super().__init__(message)
        self.kind, self.message, self.trace = kind, message, trace


# ---- what the code prints

LOG = int(os.environ.pop("_LAMBDA_TELEMETRY_LOG_FD"))
request_id = ""


def write_frame(text):
    """A frame keeps the lines of one message together: see Lambda's framed log descriptor. What is beyond a megabyte nobody would
    keep."""
    data = text.encode("utf-8", "replace")[:1 << 20]
    frame = b"\xa5\x5a\x00\x03" + len(data).to_bytes(4, "big") + (time.time_ns() // 1000).to_bytes(8, "big") + data
    while frame:
        frame = frame[os.write(LOG, frame):]


class LambdaLoggerHandler(logging.Handler):  # code looks for this name
    def emit(self, record):
        record.aws_request_id = request_id
        write_frame(self.format(record))


def set_up_logging():
    logging.Formatter.converter = time.gmtime  # of formatters of the code too
    handler = LambdaLoggerHandler()
    formatter = logging.Formatter(
        "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n", "%Y-%m-%dT%H:%M:%S")
    handler.setFormatter(formatter)
    logging.getLogger().addHandler(handler)


def print_error(told):
    head = "[ERROR]"
    if told["errorType"]:
        head += " " + told["errorType"]
        if told["errorMessage"]:
            head += ": " + told["errorMessage"]
    lines = [head, "Traceback (most recent call last):"]
    for entry in told["stackTrace"]:
        lines += [re.sub(r"^ +", lambda m: "\u00a0" * len(m[0]), line) for line in entry.splitlines()]
    write_frame("\n".join(lines) + "\n")


# ---- how the code reaches the services

REAL = re.compile(r"(^|\.)(amazonaws\.com(\.cn)?|amazonaws\.eu|api\.aws)\.?$", re.I)
refused = set()
lookup = socket.getaddrinfo


def guarded(host, *args, **kwargs):
    name = host.decode("ascii", "replace") if isinstance(host, (bytes, bytearray)) else host
    if isinstance(name, str) and REAL.search(name):
        message = (
            f"The function called {name}, which is the real AWS; here it must not. Leave the endpoint of its client to "
            f"AWS_ENDPOINT_URL ({os.environ.get('AWS_ENDPOINT_URL')}), which boto3 from 1.28 on reads, or set it.")
        if name not in refused:
            refused.add(name)
            write_frame(f"[ERROR]\t{request_id}\t[ambit] refused: {message}\n")
        raise PermissionError(13, message)
    if isinstance(name, str) and name.rstrip(".").lower().endswith(".localhost"):
        host = "127.0.0.1"
    return lookup(host, *args, **kwargs)


socket.getaddrinfo = guarded

# ---- the Runtime API


class Api:
    def __init__(self):
        host, port = os.environ["AWS_LAMBDA_RUNTIME_API"].split(":")
        self.connection = http.client.HTTPConnection(host, int(port))

    def call(self, method, path, body=None, headers=None):
        self.connection.request(method, API + path, body, headers or {})
        response = self.connection.getresponse()
        return response.status, response.headers, response.read()

    def post(self, path, data, content_type="application/json", kind=None):
        headers = {"Content-Type": content_type}
        if kind:
            headers["Lambda-Runtime-Function-Error-Type"] = re.sub(r"[^\x20-\x7e]", "?", kind)
        return self.call("POST", path, data, headers)


# ---- errors as Lambda tells them


def described(error, invoke_id=""):
    if isinstance(error, Fault):
        return {"errorMessage": error.message, "errorType": error.kind, "requestId": invoke_id, "stackTrace": error.trace or []}
    frames = traceback.extract_tb(error.__traceback__)
    while frames and os.path.abspath(frames[0].filename) == HERE:
        frames.pop(0)
    return {
        "errorMessage": str(error), "errorType": type(error).__name__, "requestId": invoke_id,
        "stackTrace": traceback.format_list(frames),
    }


# ---- the handler


def load_handler(name):
    try:
        module_name, function_name = name.rsplit(".", 1)
    except ValueError as e:
        raise Fault("Runtime.MalformedHandlerName", f"Bad handler '{name}': {e}") from e
    if module_name.split(".")[0] in sys.builtin_module_names:
        raise Fault("Runtime.BuiltInModuleConflict", f"Cannot use built-in module {module_name} as a handler module")
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as e:
        raise Fault("Runtime.ImportModuleError", f"Unable to import module '{module_name}': {e}") from e
    except SyntaxError as e:
        trace = ['  File "%s" Line %s\n    %s' % (e.filename, e.lineno, e.text)]
        raise Fault("Runtime.UserCodeSyntaxError", f"Syntax error in module '{module_name}': {e}", trace) from e
    try:
        return getattr(module, function_name)
    except AttributeError:
        raise Fault("Runtime.HandlerNotFound", f"Handler '{function_name}' missing on module '{module_name}'") from None


class Identity:
    def __init__(self, told):
        told = told or {}
        self.cognito_identity_id = told.get("cognitoIdentityId")
        self.cognito_identity_pool_id = told.get("cognitoIdentityPoolId")


class Client:
    FIELDS = ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name")

    def __init__(self, told):
        for field in self.FIELDS:
            setattr(self, field, told.get(field))


class ClientContext:
    def __init__(self, told):
        self.custom, self.env = told.get("custom"), told.get("env")
        self.client = Client(told["client"]) if told.get("client") is not None else None


def parsed(headers, name):
    told = headers.get("Lambda-Runtime-" + name.replace(" ", "-"))
    try:
        return json.loads(told) if told else None
    except Exception as e:
        raise Fault("Runtime.LambdaContextUnmarshalError", f"Unable to parse {name} JSON: {e}") from e


class Context:
    def __init__(self, headers):
        env = os.environ
        self.aws_request_id = headers["Lambda-Runtime-Aws-Request-Id"]
        self.log_group_name = env["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = env["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.function_name = env["AWS_LAMBDA_FUNCTION_NAME"]
        self.memory_limit_in_mb = env["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.function_version = env["AWS_LAMBDA_FUNCTION_VERSION"]
        self.invoked_function_arn = headers["Lambda-Runtime-Invoked-Function-Arn"]
        self.tenant_id = None
        told = parsed(headers, "Client Context")
        self.client_context = ClientContext(told) if told is not None else None
        self.identity = Identity(parsed(headers, "Cognito Identity"))
        self._deadline = int(headers["Lambda-Runtime-Deadline-Ms"])

    def get_remaining_time_in_millis(self):
        return max(self._deadline - int(time.time() * 1000), 0)

    def log(self, message):
        write_frame(str(message))


# ---- answers

RUNTIME = re.fullmatch(r"AWS_Lambda_python3\.(\d+)", os.environ.get("AWS_EXECUTION_ENV", ""))
ASCII = bool(RUNTIME) and int(RUNTIME[1]) < 12  # from python3.12 on, characters stay themselves
NUMBER = "number-" + os.urandom(16).hex() + "-"  # no text of an answer begins so


def unknown(value):
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


write_json = json.JSONEncoder(ensure_ascii=ASCII, default=unknown).encode


class Encoder:
    """Writes JSON in the way of the encoder that Lambda's runtime has, which is simplejson with Decimals of its own: a Decimal keeps
    its digits, NaN and Infinity are themselves, what has _asdict is an object, and bytes are text in UTF-8."""

    def __init__(self):
        self.numbers = []
        self.within = set()

    def encode(self, value):
        text = write_json(self.plain(value))
        if self.numbers:
            text = re.sub(f'"{NUMBER}(\\d+)"', lambda m: self.numbers[int(m[1])], text)
        return text

    def plain(self, v):
        """The value of what Python's own encoder knows, and Decimals as texts that stand for them."""
        if v is None or isinstance(v, (str, int, float)):
            return v
        if isinstance(v, bytes):
            return str(v, "utf-8")
        if any(c.__module__ in ("decimal", "_pydecimal") and c.__name__ == "Decimal" for c in type(v).__mro__):
            self.numbers.append("NaN" if v.is_nan() else str(v))
            return NUMBER + str(len(self.numbers) - 1)
        if id(v) in self.within:
            raise ValueError("Circular reference detected")
        self.within.add(id(v))
        try:
            return self.composed(v)
        finally:
            self.within.discard(id(v))

    def composed(self, v):
        if not isinstance(v, list) and callable(getattr(v, "_asdict", None)):
            v = v._asdict()
        if isinstance(v, (list, tuple)):
            return [self.plain(one) for one in v]
        if isinstance(v, dict):
            return {str(k, "utf-8") if isinstance(k, bytes) else k: self.plain(one) for k, one in v.items()}
        return v


def marshalled(value):
    """What the handler returned, as what is posted and its content type. A lone surrogate, which no UTF-8 has, is an error here: with
    Lambda it ends the runtime."""
    if isinstance(value, bytes):
        return value, "application/unknown"
    try:
        return Encoder().encode(value).encode("utf-8"), "application/json"
    except Exception as e:
        raise Fault("Runtime.MarshalError", f"Unable to marshal response: {e}") from e


def written(told):
    """The description of an error, whatever characters its message has."""
    try:
        return write_json(told).encode("utf-8")
    except UnicodeEncodeError:
        return json.dumps(told).encode("utf-8")


def unmarshalled(body):
    try:
        return json.loads(body)
    except Exception as e:
        raise Fault("Runtime.UnmarshalError", f"Unable to unmarshal input: {e}") from e


def handle(api, handler, headers, body):
    global request_id
    request_id = headers["Lambda-Runtime-Aws-Request-Id"]
    trace = headers.get("Lambda-Runtime-Trace-Id")
    if trace is None:
        os.environ.pop("_X_AMZN_TRACE_ID", None)
    else:
        os.environ["_X_AMZN_TRACE_ID"] = trace
    path = f"/invocation/{request_id}"
    try:
        context = Context(headers)
        answer, content_type = marshalled(handler(unmarshalled(body), context))
    except Exception as e:
        told = described(e, request_id)
        print_error(told)
        api.post(path + "/error", written(told), kind=told["errorType"])
        return
    api.post(path + "/response", answer, content_type)


def main():
    root = os.environ["LAMBDA_TASK_ROOT"]
    version = "python%d.%d" % sys.version_info[:2]
    sys.path[:0] = [root, os.path.join(OPT, "python", "lib", version, "site-packages"), os.path.join(OPT, "python")]
    set_up_logging()
    api = Api()
    try:
        handler = load_handler(os.environ["_HANDLER"])
    except Exception as e:
        told = described(e)
        print_error(told)
        api.post("/init/error", written(told), kind=told["errorType"])
        sys.exit(1)
    while True:
        try:
            status, headers, body = api.call("GET", "/invocation/next")
        except OSError:
            sys.exit(1)  # the server is gone
        if status != 200:
            sys.exit(1)
        handle(api, handler, headers, body)


main()
