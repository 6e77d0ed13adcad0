import { css } from 'lit';

export const detail = css``;
