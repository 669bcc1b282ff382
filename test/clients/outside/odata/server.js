// An OData server that nobody here wrote, @sap-ux/fe-mockserver-core, which serves any $metadata over rows in files.
// Usage: node server.js FOLDER ROWS: the folder with node_modules, and one with a folder for each service, which has metadata.xml and a file
// of rows for each entity set. Writes its port; ends with its standard input.
const http = require('node:http');
const fs = require('node:fs');
const path = require('node:path');
const { createRequire } = require('node:module');

const [folder, rows] = process.argv.slice(2);
const { default: Core } = createRequire(folder + '/')('@sap-ux/fe-mockserver-core');

(async () => {
  const services = fs.readdirSync(rows).map((name) => ({
    urlPath: '/' + name, metadataPath: path.join(rows, name, 'metadata.xml'), mockdataPath: path.join(rows, name),
    generateMockData: false, watch: false,
  }));
  const core = new Core({ services, annotations: [] });
  await core.isReady;
  const router = core.getRouter();
  const asked = [];
  const server = http.createServer((request, response) => {
    if (request.url === '/_asked') {
      response.end(JSON.stringify(asked.splice(0)));
      return;
    }
    asked.push(request.url);
    router(request, response, () => { response.statusCode = 404; response.end(); });
  });
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));
  process.stdin.on('end', () => process.exit(0)).resume();
})();
