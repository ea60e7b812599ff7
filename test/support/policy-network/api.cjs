// An API server of lists and watches alone, for the stand-in that enforces network policies. `/emit` sends an event.
const https = require("node:https");
const { readFileSync } = require("node:fs");

const [, , pki, objects] = process.argv;
const lists = JSON.parse(objects);
const watchers = {};
const options = { key: readFileSync(`${pki}/kube-apiserver.key`), cert: readFileSync(`${pki}/kube-apiserver.crt`) };

https
    .createServer(options, (request, response) => {
        const { pathname, searchParams } = new URL(request.url, "https://localhost");
        if (pathname === "/emit") {
            const { path, ...event } = JSON.parse(searchParams.get("event"));
            for (const watcher of watchers[path] ?? []) watcher.write(`${JSON.stringify(event)}\n`);
            response.end();
        } else if (searchParams.has("watch")) {
            (watchers[pathname] ??= []).push(response);
            response.flushHeaders();
        } else {
            response.end(JSON.stringify({ items: lists[pathname], metadata: { resourceVersion: "1" } }));
        }
    })
    .listen(6443, "127.0.0.1");
