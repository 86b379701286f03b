// A Slack of the npm package emulate on a loopback port. The test that runs this
// script reads its address from the first line of the output, and ends it by
// closing its input, which also happens where the test dies.

if (parseInt(process.versions.node, 10) < 22) throw new Error(`emulate needs Node 22, and this is ${process.version}`);
const { createEmulator } = await import('emulate');

const scopes = ['chat:write', 'users:read', 'users:read.email', 'channels:history', 'groups:history', 'im:history', 'im:write', 'channels:read', 'channels:manage'];
const app = { app_id: 'A000TANDEM', bot_id: 'B000TANDEM', bot_user_id: 'U000TANDEM' };
const token = (name, user, some) => ({ token: name, type: 'bot', user_id: user, scopes: some, ...app });
const emulator = await createEmulator({
  service: 'slack',
  port: 0,
  hostname: '127.0.0.1',
  seed: {
    slack: {
      strict_scopes: true,
      team: { name: 'Harbor Legal Group', domain: 'harbor' },
      users: [{ name: 'maria', real_name: 'Maria Ortega', email: 'maria@harbor.example' }],
      oauth_apps: [{
        ...app, client_id: '1.1', client_secret: 'secret', name: 'Tandem', bot_name: 'tandem', redirect_uris: [], scopes,
      }],
      channels: [{ name: 'coordination' }, { name: 'archived' }],
      tokens: [
        token('xoxb-tandem', app.bot_user_id, scopes),
        token('xoxb-poor', app.bot_user_id, ['users:read']),
        { token: 'xoxp-admin', type: 'user', user_id: 'U000000001', scopes: [...scopes, 'channels:write'] },
      ],
    },
  },
});
process.stdout.write(emulator.url + '\n');
process.stdin.resume();
process.stdin.on('end', async () => {
  await emulator.close();
  process.exit(0);
});
