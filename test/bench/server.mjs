// All that `npm run bench:server` measures, one after the other: side by side they would measure each other.
for (const name of ['requests', 'redis', 'memory']) await import(`./server/${name}.mjs`)
