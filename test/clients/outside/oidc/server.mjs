// An OAuth 2.0 server that nobody here wrote, oidc-provider, with a page that asks the user and notes that its access tokens open.
// Usage: node server.mjs FOLDER SECONDS: the folder with node_modules, and how long an access token lives. Writes its port; ends with
// its standard input. GET /_counts tells what has happened.
import http from 'node:http';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const [folder, lifetime] = process.argv.slice(2);
const { default: Provider } = await import(pathToFileURL(createRequire(folder + '/').resolve('oidc-provider')));

const clients = [
  { client_id: 'by-header', client_secret: 's3cret+/=&odd %41chars', token_endpoint_auth_method: 'client_secret_basic' },
  { client_id: 'by-body', client_secret: 'an0ther+/=&odd %41secret', token_endpoint_auth_method: 'client_secret_post' },
  { client_id: 'public', token_endpoint_auth_method: 'none' },
].map((client) => ({
  ...client, application_type: 'native', redirect_uris: ['http://127.0.0.1/back'], response_types: ['code'],
  grant_types: ['authorization_code', 'refresh_token'],
}));

const server = http.createServer();
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
const base = `http://127.0.0.1:${server.address().port}`;
const provider = new Provider(base, {
  clients,
  scopes: ['openid', 'offline_access', 'notes'],
  pkce: { methods: ['S256'], required: () => true },
  rotateRefreshToken: true,                 // a refresh token serves once; a second time revokes all that came from the sign-in
  issueRefreshToken: () => true,
  ttl: { AccessToken: Number(lifetime), RefreshToken: 3600, Grant: 3600, Session: 3600, Interaction: 600, AuthorizationCode: 60, IdToken: 600 },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_, interaction) => `/consent/${interaction.uid}` },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  cookies: { keys: ['only for tests'] },
  renderError: (ctx, out) => { ctx.type = 'text/plain'; ctx.body = JSON.stringify(out); },
});

const counts = { signed_in: 0, refreshed: {}, refused: [], revoked: 0, opened: 0, turned_away: 0 };
provider.on('grant.success', ({ oidc: { params, client } }) => {
  if (params.grant_type === 'refresh_token') counts.refreshed[client.clientId] = (counts.refreshed[client.clientId] ?? 0) + 1;
  else counts.signed_in += 1;
});
provider.on('grant.error', (_, error) => { counts.refused.push(`${error.error}: ${error.error_detail ?? error.error_description}`); });
provider.on('grant.revoked', () => { counts.revoked += 1; });
provider.on('server_error', (_, error) => { console.error(error); });

const send = (response, status, type, text) => {
  response.writeHead(status, { 'content-type': type });
  response.end(text);
};

async function askUser(request, response) {
  const { uid } = await provider.interactionDetails(request, response);
  send(response, 200, 'text/html; charset=utf-8', `<!DOCTYPE html><html lang="en"><title>Notes</title><h1>Notes</h1>
<form method="post" action="/consent/${uid}"><button name="decision" value="allow">Allow</button>
<button name="decision" value="deny">Deny</button></form></html>`);
}

async function hearUser(request, response) {
  let form = '';
  for await (const piece of request) form += piece;
  if (new URLSearchParams(form).get('decision') !== 'allow') {
    await provider.interactionFinished(request, response, { error: 'access_denied', error_description: 'The user said no' });
    return;
  }
  const { params } = await provider.interactionDetails(request, response);
  const grant = new provider.Grant({ accountId: 'anna', clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  await provider.interactionFinished(request, response, { login: { accountId: 'anna' }, consent: { grantId: await grant.save() } });
}

async function readNotes(request, response) {
  const token = await provider.AccessToken.find((request.headers.authorization ?? '').replace(/^Bearer /, ''));
  if (!token?.isValid || !token.scopes.has('notes')) {
    counts.turned_away += 1;
    response.setHeader('www-authenticate', 'Bearer error="invalid_token"');
    send(response, 401, 'application/json', '{"error": "invalid_token"}');
    return;
  }
  counts.opened += 1;
  send(response, 200, 'application/json', JSON.stringify({ notes: [1, 2, 3].map((id) => ({ id, text: `Note ${id} of ${token.accountId}` })) }));
}

const callback = provider.callback();
server.on('request', async (request, response) => {
  try {
    const { pathname } = new URL(request.url, base);
    if (pathname === '/_counts') send(response, 200, 'application/json', JSON.stringify(counts));
    else if (pathname === '/notes') await readNotes(request, response);
    else if (pathname.startsWith('/consent/')) await (request.method === 'POST' ? hearUser : askUser)(request, response);
    else callback(request, response);
  } catch (error) {
    console.error(error);
    send(response, 500, 'text/plain', String(error));
  }
});
process.stdin.on('end', () => process.exit(0)).resume();
console.log(server.address().port);
