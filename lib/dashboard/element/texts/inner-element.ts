import { LitElement } from 'lit';
import { speak, type Language } from './language.js';

/**
 * An element within the dashboard. It renders into the dashboard's shadow root, so that there is one style sheet and labels
 * reach what they label, and in the dashboard's language.
 */
export abstract class InnerElement extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override performUpdate(): void {
    const root = this.getRootNode();
    if (root instanceof ShadowRoot) speak((root.host as { readonly language?: Language }).language);
    super.performUpdate();
  }
}
