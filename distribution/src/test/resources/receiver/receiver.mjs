// An HTTP receiver that is not ours: answers 201 to everything, and tells what it got on standard output.
// First line: {"port": N}; then one line a request: {"method", "path", "headers", "body"}, the body in base64.
import http from 'node:http';

const tell = (value) => process.stdout.write(JSON.stringify(value) + '\n');

const server = http.createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
        tell({
            method: request.method,
            path: request.url,
            headers: request.headers,
            body: Buffer.concat(chunks).toString('base64'),
        });
        response.writeHead(201).end();
    });
});

server.listen(0, '127.0.0.1', () => tell({port: server.address().port}));
process.stdin.on('end', () => process.exit()).resume(); // whoever started it has gone
