// Without a compiler, so decorators are called as the functions that they are.
require('reflect-metadata');
const { Controller, Get, Module } = require('@nestjs/common');
const { NestFactory } = require('@nestjs/core');

class Root {
  answer() {
    return { project: 'nest-service' };
  }
}
Get()(Root.prototype, 'answer', Object.getOwnPropertyDescriptor(Root.prototype, 'answer'));
Controller()(Root);
class App {}
Module({ controllers: [Root] })(App);

NestFactory.create(App, { logger: false }).then((app) => app.listen(Number(process.env.PORT), '127.0.0.1'));
