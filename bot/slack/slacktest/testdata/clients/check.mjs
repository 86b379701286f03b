// Slack's official clients against the stand-in. The test that runs this script
// gives it addresses and tokens as JSON in its argument, and does what people
// do when it writes "act NAME" to its output, answering with a line of JSON.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const require = createRequire(process.env.SLACK_CLIENTS + '/package.json');
const { WebClient, retryPolicies, ErrorCode, LogLevel } = require('@slack/web-api');
const { SocketModeClient } = require('@slack/socket-mode');

const at = JSON.parse(process.argv[2]);
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const act = async (name) => {
  process.stdout.write(`act ${name}\n`);
  const { value } = await lines.next();
  return JSON.parse(value);
};
const done = (what) => process.stdout.write(`done ${what}\n`);
const logLevel = LogLevel.ERROR;
const web = (token, more = {}) => new WebClient(token, { slackApiUrl: at.api, logLevel, retryConfig: { retries: 0 }, ...more });
const refused = async (promise) => {
  const err = await promise.then(() => assert.fail('it went well'), (e) => e);
  assert.equal(err.code, ErrorCode.PlatformError, String(err));
  return err.data;
};
// Waits for the first payload of a kind, and acknowledges it.
const next = (client, kind, answer) => new Promise((resolve) => {
  client.once(kind, async (got) => {
    await got.ack(answer);
    resolve(got);
  });
});

const bot = web(at.token);

const me = await bot.auth.test();
assert.equal(me.bot_id, at.bot);
assert.ok(me.response_metadata.scopes.includes('chat:write'));
done('auth.test, with its scopes');

const metadata = { event_type: 'tandem', event_payload: { key: 'standup/1' } };
const blocks = [
  { type: 'section', text: { type: 'plain_text', text: 'Please acknowledge.' } },
  { type: 'actions', elements: [{ type: 'button', action_id: 'ack', value: 'ack 1', text: { type: 'plain_text', text: 'Acknowledge' } }] },
];
const posted = await bot.chat.postMessage({ channel: at.channel, text: 'standup', blocks, metadata });
assert.match(posted.ts, /^\d{10}\.\d{6}$/);
assert.equal(posted.message.blocks.length, 2);
const replied = await bot.chat.postMessage({ channel: at.channel, text: 'digest', thread_ts: posted.ts });
await bot.chat.update({ channel: at.channel, ts: replied.ts, text: 'digest, changed' });
const replies = await bot.conversations.replies({ channel: at.channel, ts: posted.ts });
assert.deepEqual(replies.messages.map((m) => m.text), ['standup', 'digest, changed']);
done('post, thread and update');

const history = await bot.conversations.history({ channel: at.channel, include_all_metadata: true });
assert.deepEqual(history.messages[0].metadata, metadata);
done('history with metadata');

const whisper = await bot.chat.postEphemeral({ channel: at.channel, user: at.person, text: 'for you' });
assert.ok(whisper.message_ts);
assert.equal((await act('seen')).ephemeral, 1);
done('ephemeral');

const people = [];
for await (const page of bot.paginate('users.list', { limit: 1 })) people.push(...page.members);
assert.equal(people.length, at.people);
done('pages of people');

const long = [{ type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } }];
const invalid = await refused(bot.chat.postMessage({ channel: at.channel, text: 'x', blocks: long }));
assert.equal(invalid.error, 'invalid_blocks');
assert.match(invalid.response_metadata.messages[0], /must be less than 151 characters \[json-pointer:\/blocks\/0\/text\/text\]/);
const scope = await refused(web(at.poor).chat.postMessage({ channel: at.channel, text: 'x' }));
assert.equal(scope.error, 'missing_scope');
assert.equal(scope.needed, 'chat:write');
assert.ok(scope.provided.includes('users:read'));
assert.equal((await refused(web('xoxb-none').auth.test())).error, 'invalid_auth');
done('errors, with the scope that is missing');

await act('limit');
const before = Date.now();
const patient = web(at.token, { retryConfig: retryPolicies.tenRetriesInAboutThirtyMinutes });
let limited = 0;
patient.on('rate_limited', (seconds) => { limited = seconds; });
await patient.chat.postMessage({ channel: at.channel, text: 'after a pause' });
assert.equal(limited, 1);
assert.ok(Date.now() - before >= 1000, 'the client did not wait');
await act('limit');
const hasty = await web(at.token, { rejectRateLimitedCalls: true }).chat.postMessage({ channel: at.channel, text: 'x' }).catch((e) => e);
assert.equal(hasty.code, ErrorCode.RateLimitedError);
assert.equal(hasty.retryAfter, 1);
await act('break');
const broken = await bot.chat.postMessage({ channel: at.channel, text: 'x' }).catch((e) => e);
assert.equal(broken.code, ErrorCode.HTTPError);
await act('lose');
const lost = await bot.chat.postMessage({ channel: at.channel, text: 'x' }).catch((e) => e);
assert.equal(lost.code, ErrorCode.RequestError);
done('429 with Retry-After, 500 and a lost answer');

const socket = new SocketModeClient({
  appToken: at.app, logLevel, clientPingTimeout: 2000, clientOptions: { slackApiUrl: at.api, retryConfig: { retries: 0 } },
});
const connected = new Promise((resolve) => socket.once('connected', resolve));
await socket.start();
await connected;
done('a socket opens, and says hello');

let waits = next(socket, 'app_mention');
let told = await act('mention');
assert.equal(told.failed, '');
let got = await waits;
assert.equal(got.event.user, at.person);
assert.match(got.event.text, /^<@U\w+> hello &lt;there&gt;$/);
assert.equal(got.retry_num, 0);
assert.equal(got.body.authorizations[0].team_id, me.team_id);
done('an event is received and acknowledged');

const deaf = new Promise((resolve) => socket.once('app_mention', resolve)); // no acknowledgement
told = await act('mention-unheard');
assert.equal(told.failed, 'timeout');
await deaf;
waits = next(socket, 'app_mention');
told = await act('due');
assert.equal(told.failed, '');
got = await waits;
assert.equal(got.retry_num, 1);
assert.equal(got.retry_reason, 'timeout');
done('what is not acknowledged comes again');

waits = next(socket, 'slash_commands', { text: 'an answer' });
told = await act('slash');
assert.equal(told.failed, '');
got = await waits;
assert.equal(got.body.command, '/tandem');
assert.equal(got.accepts_response_payload, true);
assert.equal((await act('seen')).last, 'an answer');
const view = {
  type: 'modal', callback_id: 'away', title: { type: 'plain_text', text: 'Who is away?' }, submit: { type: 'plain_text', text: 'Record' },
  blocks: [{
    type: 'input', block_id: 'who', label: { type: 'plain_text', text: 'Who' }, element: { type: 'plain_text_input', action_id: 'value' },
  }],
};
const opened = await bot.views.open({ trigger_id: got.body.trigger_id, view });
assert.equal((await refused(bot.views.open({ trigger_id: got.body.trigger_id, view }))).error, 'exchanged_trigger_id');
await bot.views.update({ view_id: opened.view.id, hash: opened.view.hash, view });
waits = next(socket, 'interactive', { response_action: 'errors', errors: { who: 'Nobody is called that.' } });
told = await act('submit');
assert.equal(told.failed, '');
got = await waits;
assert.equal(got.body.type, 'view_submission');
assert.equal(got.body.view.state.values.who.value.value, 'maria');
assert.equal(told.errors.who, 'Nobody is called that.');
done('a command, its modal and an error in it');

waits = next(socket, 'interactive');
told = await act('press');
assert.equal(told.failed, '');
got = await waits;
assert.equal(got.body.type, 'block_actions');
assert.equal(got.body.actions[0].value, 'ack 1');
const answered = await fetch(got.body.response_url, {
  method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ text: 'Acknowledged.', replace_original: true }),
});
assert.equal(answered.status, 200);
await bot.views.publish({ user_id: at.person, view: { type: 'home', blocks: [blocks[0]] } });
done('a press, its response URL and a home tab');

const again = new Promise((resolve) => socket.once('connected', resolve));
await act('disconnect');
await again;
waits = next(socket, 'app_mention');
told = await act('mention');
assert.equal(told.failed, '');
await waits;
done('told to go, the client comes back on another socket');

await socket.disconnect();
assert.equal((await act('connections')).open, 0);
done('the socket closes');
process.exit(0);
