/**
 * The annotations of config.json (image-spec conversion.md, Annotation Fields): the image's labels, and what its config
 * says of itself where no label says it. Labels that a runtime takes for orders are left out: conversion.md allows it
 * and asks that the user be told.
 */
import { runtimeAnnotationKeys as keys } from './annotations.ts';
import type { ImageConfig } from './image-config.ts';

export interface RuntimeAnnotations {
  /** Sorted by key. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Keys of labels that were left out, sorted. */
  readonly leftOut: readonly string[];
}

export function makeAnnotations(image: ImageConfig): RuntimeAnnotations {
  const labels = Object.entries(image.config?.Labels ?? {});
  const kept = labels.filter(([key, value]) => isHarmless(key, value));
  const leftOut = labels.filter(([key, value]) => !isHarmless(key, value)).map(([key]) => key);
  const merged = new Map([...impliedAnnotations(image), ...kept]);
  return {
    annotations: Object.fromEntries([...merged].sort(([a], [b]) => (a < b ? -1 : 1))),
    leftOut: leftOut.sort((a, b) => (a < b ? -1 : 1)),
  };
}

function impliedAnnotations(image: ImageConfig): [string, string][] {
  const ports = Object.keys(image.config?.ExposedPorts ?? {}).sort((a, b) => (a < b ? -1 : 1));
  const fields: readonly (readonly [string, string | undefined])[] = [
    [keys.os, image.os],
    [keys.architecture, image.architecture],
    [keys.variant, image.variant],
    [keys.osVersion, image['os.version']],
    [keys.osFeatures, image['os.features']?.join(',')],
    [keys.author, image.author],
    [keys.created, image.created],
    [keys.stopSignal, image.config?.StopSignal],
    [keys.exposedPorts, ports.join(',')],
  ];
  return fields.flatMap(([key, value]) => (value === undefined || value === '' ? [] : [[key, value]]));
}

// crun: run.oci.* (hooks, handlers), module.wasm.*; runc and crun: org.systemd.* (unit properties); Kata and gVisor
// take their whole configuration from theirs; containerd starts what a binary:// value names.
const commandingPrefixes: readonly string[] = [
  'run.oci.',
  'org.systemd.',
  'module.wasm.',
  'io.katacontainers.',
  'dev.gvisor.',
];

function isHarmless(key: string, value: string): boolean {
  if (key === '') return false; // runtime-spec config.md, Annotations: keys must not be empty
  return !commandingPrefixes.some((prefix) => key.startsWith(prefix)) && !value.startsWith('binary://');
}
