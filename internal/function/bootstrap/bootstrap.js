'use strict';
// Runs the handler of a function of the nodejs runtimes: takes events from Lambda's Runtime API, calls the handler, posts what it
// answers. Everything that it needs of Node it takes before the code can change it.

const dns = require('node:dns');
const fs = require('node:fs');
const http = require('node:http');
const Module = require('node:module');
const path = require('node:path');
const util = require('node:util');
const { pathToFileURL } = require('node:url');

const env = process.env;
const [apiHost, apiPort] = env.AWS_LAMBDA_RUNTIME_API.split(':');
const noCallbacks = env.AWS_EXECUTION_ENV === 'AWS_Lambda_nodejs24.x';
let requestId; // of the event that is being handled

// ---- what the code prints

const logDescriptor = Number(env._LAMBDA_TELEMETRY_LOG_FD);
delete env._LAMBDA_TELEMETRY_LOG_FD;

function writeAll(fd, bytes) {
  for (let at = 0; at < bytes.length;) at += fs.writeSync(fd, bytes, at);
}

// A frame keeps the lines of one message together: see Lambda's framed log descriptor. What is beyond a megabyte nobody would keep.
function print(level, message) {
  const now = new Date();
  const text = Buffer.from(`${now.toISOString()}\t${requestId}\t${level}\t${message}\n`).subarray(0, 1 << 20);
  const head = Buffer.alloc(16);
  head.writeUInt32BE(0xa55a0003, 0);
  head.writeUInt32BE(text.length, 4);
  head.writeBigUInt64BE(BigInt(now.getTime()) * 1000n, 8);
  writeAll(logDescriptor, Buffer.concat([head, text]));
}

const format = util.format;
for (const [method, level] of Object.entries({
  log: 'INFO', info: 'INFO', debug: 'DEBUG', warn: 'WARN', error: 'ERROR', trace: 'TRACE', fatal: 'FATAL',
})) {
  console[method] = (...args) => print(level, format(...args));
}

// ---- errors as Lambda tells them

class Fault extends Error {
  constructor(name, message, stack) {
    super(message);
    this.name = name;
    if (stack) this.stack = stack;
  }
}

const clean = (s) => (typeof s === 'string' ? s.replaceAll('\x7F', '%7F') : s);
const isError = (e) => e instanceof Error || Object.prototype.toString.call(e) === '[object Error]';

function described(e) {
  try {
    if (isError(e)) {
      return { errorType: clean(e.name), errorMessage: clean(e.message), trace: clean(e.stack)?.split('\n') ?? [] };
    }
    return { errorType: typeof e, errorMessage: String(e), trace: [] };
  } catch {
    return {
      errorType: 'handled', trace: [],
      errorMessage: 'callback called with Error argument, but there was a problem while retrieving one or more of its message, name, and stack',
    };
  }
}

function printError(title, e) {
  const error = isError(e) ? e : new Error(String(e));
  let text;
  try {
    text = JSON.stringify(error, (_, v) => (isError(v)
      ? { errorType: v.name, errorMessage: v.message, code: v.code, ...v, stack: typeof v.stack === 'string' ? v.stack.split('\n') : v.stack }
      : v));
  } catch {
    text = JSON.stringify(described(error));
  }
  console.error(title, `\t${text}`);
}

// ---- the Runtime API

const agent = new http.Agent({ keepAlive: true, maxSockets: 2 });
const request = http.request;
const api = '/2018-06-01/runtime';

function call(method, to, headers, body) {
  return new Promise((resolve, reject) => {
    const req = request({ host: apiHost, port: apiPort, path: api + to, method, agent, headers }, (res) => {
      const parts = [];
      res.on('data', (part) => parts.push(part));
      res.on('end', () => resolve({ status: res.statusCode, headers: res.headers, body: Buffer.concat(parts) }));
      res.on('error', reject);
    });
    req.on('error', reject);
    req.end(body);
  });
}

const post = (to, text, headers) => {
  const body = Buffer.from(text);
  return call('POST', to, { 'Content-Type': 'application/json', 'Content-Length': body.length, ...headers }, body);
};

const asHeader = (s) => String(s).replace(/[^\x20-\x7e]/g, '?');

function postError(to, e) {
  const told = described(e);
  return post(to, JSON.stringify(told), { 'Lambda-Runtime-Function-Error-Type': asHeader(told.errorType) });
}

// ---- how the code reaches the services

const endpoint = env.AWS_ENDPOINT_URL;

// Version 2 of the SDK knows no variable for the endpoint. Every copy of it that is loaded is told, when it is.
const load = Module._load;
const told = new WeakSet();
Module._load = function (name, ...rest) {
  const loaded = load.call(this, name, ...rest);
  if (endpoint && /aws-sdk|\bcore(\.js)?$/.test(name) && loaded && typeof loaded.Service === 'function' &&
      String(loaded.VERSION).startsWith('2.') && typeof loaded.config?.update === 'function' && !told.has(loaded.config)) {
    told.add(loaded.config);
    loaded.config.update({ endpoint, s3ForcePathStyle: true });
  }
  return loaded;
};

const real = /(^|\.)(amazonaws\.com(\.cn)?|amazonaws\.eu|api\.aws)\.?$/i;
const refusedHosts = new Set();

function refusal(host) {
  const message = `The function called ${host}, which is the real AWS; here it must not. Leave the endpoint of its client to ` +
    `AWS_ENDPOINT_URL (${endpoint}), which SDKs from 2023 on read, or set it.`;
  if (!refusedHosts.has(host)) {
    refusedHosts.add(host);
    print('ERROR', `[ambit] refused: ${message}`);
  }
  return Object.assign(new Error(message), { code: 'EACCES', syscall: 'getaddrinfo', hostname: host });
}

const ours = (host) => typeof host === 'string' && /\.localhost\.?$/i.test(host); // buckets as hosts, of an endpoint at localhost

const { lookup } = dns;
dns.lookup = function (host, options, callback) {
  const done = typeof options === 'function' ? options : callback;
  if (typeof host === 'string' && real.test(host)) return void process.nextTick(done, refusal(host));
  return ours(host) ? lookup('127.0.0.1', options, callback) : lookup(host, options, callback);
};
Object.defineProperty(dns.lookup, util.promisify.custom, { value: (host, options) => dns.promises.lookup(host, options) });
const lookupPromise = dns.promises.lookup;
dns.promises.lookup = async function (host, options) {
  if (typeof host === 'string' && real.test(host)) throw refusal(host);
  return lookupPromise(ours(host) ? '127.0.0.1' : host, options);
};
Module.syncBuiltinESMExports();

// ---- streaming answers

const streaming = Symbol.for('aws.lambda.runtime.handler.streaming');

globalThis.awslambda = {
  streamifyResponse(handler) {
    handler[streaming] = 'response';
    return handler;
  },
  HttpResponseStream: {
    from(stream, prelude) {
      stream.setContentType('application/vnd.awslambda.http-integration-response');
      stream.write(JSON.stringify(prelude));
      stream.write(Buffer.alloc(8));
      return stream;
    },
  },
};

function openStream(id) {
  const req = request({
    host: apiHost, port: apiPort, agent, method: 'POST', path: `${api}/invocation/${id}/response`,
    headers: {
      'Content-Type': 'application/octet-stream', 'Lambda-Runtime-Function-Response-Mode': 'streaming', 'Transfer-Encoding': 'chunked',
      Trailer: ['Lambda-Runtime-Function-Error-Type', 'Lambda-Runtime-Function-Error-Body'],
    },
  });
  req.setContentType = (type) => req.setHeader('Content-Type', type);
  const over = new Promise((resolve) => {
    req.on('response', (res) => res.resume().on('end', resolve));
    req.on('error', resolve);
  });
  return { stream: req, over };
}

async function stream(handler, event, context) {
  const { stream: out, over } = openStream(context.awsRequestId);
  try {
    await handler(event, out, context);
    if (!out.writableEnded) out.end();
  } catch (e) {
    printError('Invoke Error', e);
    if (!out.writableEnded) {
      const d = described(e);
      out.addTrailers({
        'Lambda-Runtime-Function-Error-Type': asHeader(d.errorType),
        'Lambda-Runtime-Function-Error-Body': Buffer.from(JSON.stringify(d)).toString('base64'),
      });
      out.end();
    }
  }
  await over;
}

// ---- the handler

async function importOrRequire(file) {
  if (file.endsWith('.mjs')) return import(pathToFileURL(file));
  try {
    return Module.createRequire(file)(file);
  } catch (e) {
    const isModule = e?.code === 'ERR_REQUIRE_ESM' || e?.code === 'ERR_REQUIRE_ASYNC_MODULE' ||
      (e instanceof SyntaxError && /Cannot use import statement|Unexpected token 'export'|Cannot use 'import\.meta'|await is only valid/.test(e.message));
    if (!isModule) throw e;
    return import(pathToFileURL(file));
  }
}

async function loadModule(root, folder, name) {
  const base = path.resolve(root, folder, name);
  try {
    for (const extension of ['', '.js', '.mjs', '.cjs']) {
      if (fs.statSync(base + extension, { throwIfNoEntry: false })?.isFile()) return await importOrRequire(base + extension);
    }
    const require = Module.createRequire(path.join(__dirname, 'index.mjs'));
    return require(require.resolve(name, { paths: [root, path.join(root, folder)] }));
  } catch (e) {
    if (e instanceof SyntaxError) throw new Fault('Runtime.UserCodeSyntaxError', String(e), e.stack);
    if (e?.code === 'MODULE_NOT_FOUND' || e?.code === 'ERR_MODULE_NOT_FOUND') throw new Fault('Runtime.ImportModuleError', String(e));
    throw e;
  }
}

async function loadHandler(root, full) {
  if (full.includes('..')) {
    throw new Fault('Runtime.MalformedHandlerName', `'${full}' is not a valid handler name. Use absolute paths when specifying root directories in handler names.`);
  }
  const file = path.basename(full);
  const parts = /^([^.]*)\.(.*)$/.exec(file);
  if (!parts || !parts[1] || !parts[2]) throw new Fault('Runtime.MalformedHandlerName', 'Bad handler');
  const loaded = await loadModule(root, full.slice(0, full.length - file.length), parts[1]);
  const find = (from) => parts[2].split('.').reduce((o, key) => o?.[key], from);
  const handler = find(loaded) ?? find(loaded?.default);
  if (handler === undefined || handler === null) throw new Fault('Runtime.HandlerNotFound', `${full} is undefined or not exported`);
  if (typeof handler !== 'function') throw new Fault('Runtime.HandlerNotFound', `${full} is not a function`);
  const isStream = handler[streaming] !== undefined;
  if (noCallbacks && handler.length >= 3 && !isStream) {
    throw new Fault('Runtime.CallbackHandlerDeprecated', 'ERROR: AWS Lambda has removed support for callback-based function handlers ' +
      'starting with Node.js 24. You need to modify this function to use a supported handler signature to use Node.js 24 or later. ' +
      'For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.');
  }
  return { handler, isStream };
}

// ---- events

let whenEmpty = () => {}; // what to do when nothing is left to wait for
process.on('beforeExit', () => whenEmpty());

function newContext(headers) {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  const parse = (text) => (text ? JSON.parse(text) : undefined);
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: parse(headers['lambda-runtime-client-context']),
    identity: parse(headers['lambda-runtime-cognito-identity']),
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

// answer resolves with what the handler answers, by promise or by callback; the first of them counts.
function answer(handler, event, context) {
  if (noCallbacks) return (async () => handler(event, context))();
  return new Promise((resolve, reject) => {
    const done = (e, result) => (e === undefined || e === null ? resolve(result) : reject(e));
    const callback = (e, result) => {
      if (e !== undefined && e !== null) reject(e);
      else if (!context.callbackWaitsForEmptyEventLoop) resolve(result);
      else whenEmpty = () => resolve(result);
    };
    let called = false;
    const once = (f) => (...args) => {
      if (called) return;
      called = true;
      whenEmpty = () => {};
      f(...args);
    };
    context.done = once(done);
    context.succeed = once((result) => done(null, result));
    context.fail = once((e) => done(e ?? 'handled'));
    whenEmpty = () => resolve(null);
    const returned = handler(event, context, once(callback));
    if (typeof returned?.then === 'function') returned.then(context.succeed, context.fail);
  });
}

async function handle({ handler, isStream }, next) {
  const context = newContext(next.headers);
  requestId = context.awsRequestId;
  env._X_AMZN_TRACE_ID = next.headers['lambda-runtime-trace-id'] ?? '';
  const to = `/invocation/${requestId}`;
  const event = JSON.parse(next.body.toString());
  if (isStream) return stream(handler, event, context);
  let text;
  try {
    const result = await answer(handler, event, context);
    try {
      text = JSON.stringify(result === undefined ? null : result) ?? 'null';
    } catch {
      throw new Fault('Runtime.JSONStringifyError', 'Unable to stringify response body');
    }
  } catch (e) {
    printError('Invoke Error', e);
    return postError(`${to}/error`, e);
  } finally {
    whenEmpty = () => {};
  }
  return post(`${to}/response`, text);
}

function fatal(title, e, status) {
  printError(title, e);
  const to = requestId === undefined ? '/init/error' : `/invocation/${requestId}/error`;
  const exit = () => process.exit(status);
  postError(to, e).then(exit, exit);
}

process.on('uncaughtException', (e) => fatal('Uncaught Exception', e, 129));
process.on('unhandledRejection', (reason) => {
  const e = new Fault('Runtime.UnhandledPromiseRejection', String(reason));
  e.reason = reason;
  fatal('Unhandled Promise Rejection', e, 128);
});

async function main() {
  let handler;
  try {
    handler = await loadHandler(env.LAMBDA_TASK_ROOT, env._HANDLER);
  } catch (e) {
    return fatal('Uncaught Exception', e, 129);
  }
  for (;;) {
    const next = await call('GET', '/invocation/next');
    if (next.status !== 200) process.exit(1);
    await handle(handler, next);
  }
}

main().catch(() => process.exit(1)); // the server is gone
