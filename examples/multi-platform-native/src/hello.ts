const days: number[] = [1, 2, 3];
console.log(`Compiled on the target's own processor: ${days.length}`);
