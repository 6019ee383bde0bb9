throw new Error('a test is not in the package');
