// Prints its port, then one line for each operation that takes effect: key and payload.
const { WebSocketServer } = require('ws');
const protocol = 'json.reliable.webpubsub.azure.v1';
const keys = new Set();
const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: offered => offered.has(protocol) && protocol });
server.on('listening', () => console.log(server.address().port));
server.on('connection', ws => ws.on('message', data => {
  const { ackId, data: operation } = JSON.parse(data);
  const duplicate = keys.has(operation.idempotency_key);
  if (!duplicate) console.log(keys.add(operation.idempotency_key) && `${operation.idempotency_key} ${operation.payload}`);
  ws.send(JSON.stringify({ type: 'ack', ackId, success: !duplicate, ...(duplicate && { error: { name: 'Duplicate', message: '' } }) }));
}));
process.stdin.on('end', () => process.exit()).resume();
