// Stands for an engine that never comes up.
setInterval(() => {}, 1000);
