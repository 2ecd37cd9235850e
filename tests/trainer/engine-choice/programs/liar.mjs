// Stands for a program that answers, but not with a report of the engine asked for.
process.stdout.write('{"name":"elsewhere","available":true}\n');
