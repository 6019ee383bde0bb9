const colours = require('picocolors');

exports.greet = (name) => colours.createColors(false).bold(`Hello, ${name}`);
