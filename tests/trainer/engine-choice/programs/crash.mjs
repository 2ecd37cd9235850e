// Stands for an engine whose native library kills the process.
process.stdout.write('library banner\n');
process.kill(process.pid, 'SIGSEGV');
setInterval(() => {}, 1000);
