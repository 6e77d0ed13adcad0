import { LitElement } from 'lit';
import { speak, type Language } from './language.js';

/**
 * An element within the dashboard, which renders in the dashboard's language. It uses the dashboard's shadow
 * root, so that one style sheet applies, and labels can refer to controls of other elements.
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
