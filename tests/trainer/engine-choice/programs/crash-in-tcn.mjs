// Stands for an engine that works, trains a small network, and whose native library dies of another one.
const report = { name: process.argv[2], available: true, device: 'fake', version: '1' };
process.stdout.write(`library banner\n${JSON.stringify(report)}\n`);
process.stdout.write(`${JSON.stringify({ ...report, models: { mlp: { samplesPerSecond: 1000 } } })}\n`, () => {
  process.kill(process.pid, 'SIGSEGV');
});
setInterval(() => {}, 1000);
