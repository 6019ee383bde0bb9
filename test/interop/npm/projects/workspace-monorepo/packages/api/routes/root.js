exports.path = '/';
