/* The vendors' clients, as a user of them sets them up, and the control API of
 * the sandbox that they speak to.
 *
 * Environment: CONFORMANCE_CLIENTS, the folder that holds node_modules;
 * CONFORMANCE_HUBSPOT and CONFORMANCE_SALESFORCE, where the sandbox listens. */
import diagnostics from 'node:diagnostics_channel';
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(
  path.join(process.env.CONFORMANCE_CLIENTS, 'package.json'));
const { Client } = require('@hubspot/api-client');
export const jsforce = require('jsforce');

export const hubspotUrl = process.env.CONFORMANCE_HUBSPOT;
export const salesforceUrl = process.env.CONFORMANCE_SALESFORCE;

/* Both clients send by node:http; control() does not. */
let calls = 0;

diagnostics.subscribe('http.client.request.start', () => calls++);

export function callsMade() {
  return calls;
}

/* HubSpot's client. Its parts take the options of the client that was made
 * last: so use one before another is made. */
export function hubspotClient(options = {}) {
  return new Client({
    accessToken: 'sandbox-token', basePath: hubspotUrl, ...options,
  });
}

const credentials = {
  loginUrl: salesforceUrl,
  clientId: 'sandbox-client',
  clientSecret: 'sandbox-secret',
};

/* jsforce's connection, signed in with the client credentials flow, which has
 * no refresh token: refreshFn signs in again. `refreshed` is called then. */
export async function salesforceConnection(refreshed = () => {}) {
  const grant = { grant_type: 'client_credentials' };
  const connection = new jsforce.Connection({
    version: '67.0',
    oauth2: credentials,
    refreshFn: async (conn, done) => {
      try {
        const answer = await conn.oauth2.requestToken(grant);

        refreshed(answer);
        done(null, answer.access_token, answer);
      } catch (error) {
        done(error);
      }
    },
  });

  await connection.authorize(grant);
  return connection;
}

/* A connection that is not signed in. */
export function bareConnection(oauth2 = {}) {
  return new jsforce.Connection({
    version: '67.0', oauth2: { ...credentials, ...oauth2 },
  });
}

/* The sandbox's control API: GET, or POST when there is a body. */
export async function control(base, what, body) {
  const answer = await fetch(`${base}/__sandbox/${what}`, body && {
    method: 'POST', body: JSON.stringify(body),
  });
  const json = await answer.json();

  if (!answer.ok)
    throw new Error(`${what}: ${JSON.stringify(json)}`);
  return json;
}

/* With these fault rules while `body` runs. */
export async function withFaults(base, rules, body) {
  await control(base, 'faults', { rules });
  try {
    return await body();
  } finally {
    await control(base, 'faults', { rules: [] });
  }
}
