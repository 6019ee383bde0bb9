/**
 * For the log of GitHub Actions: the plain lines, those of the actions folded into a group, and each diagnostic as an
 * annotation too. Nothing that others wrote becomes a command of the runner.
 */
import type { BuildEvent } from '../../core/event/build-event.ts';
import { annotation, type RepositoryPath } from './annotation.ts';
import { planText } from './event-text.ts';
import { createPlainRenderer } from './plain.ts';
import type { DiagnosticText, Renderer, Screen } from './renderer.ts';
import { withoutCommands, workflowCommand } from './workflow-command.ts';

export function createGithubRenderer(
  screen: Screen,
  diagnosticText: DiagnosticText,
  pathOf: RepositoryPath,
): Renderer {
  const write = (text: string): void => {
    screen.write(withoutCommands(text));
  };
  const plain = createPlainRenderer({ ...screen, write }, diagnosticText);
  let isGrouping = false;
  const endGroup = (): void => {
    if (isGrouping) screen.write(workflowCommand({ name: 'endgroup' }));
    isGrouping = false;
  };
  return {
    show: (stamped) => {
      const { event } = stamped;
      if (endsActions(event)) endGroup();
      if (event.type === 'plan-made' && event.cached < event.actions) {
        screen.write(workflowCommand({ name: 'group', message: `layerwright: ${planText(event)}` }));
        isGrouping = true;
      }
      plain.show(stamped);
      if (event.type === 'diagnostic') screen.write(annotation(event.diagnostic, pathOf));
    },
    close: () => {
      endGroup();
      plain.close();
    },
  };
}

/** What follows is to be seen without unfolding anything. */
function endsActions(event: BuildEvent): boolean {
  if (event.type === 'diagnostic') return event.diagnostic.severity === 'error';
  return ['plan-made', 'image-finished', 'delivery-started'].includes(event.type);
}
