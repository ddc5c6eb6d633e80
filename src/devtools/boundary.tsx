import { Component, type ReactNode } from 'react'
import { describeThrown } from './mask.ts'

interface BoundaryProps {
  children: ReactNode
}

/** Devtools that fail show why in their own place, and leave the app as it is. */
export class Boundary extends Component<BoundaryProps, { failure: unknown }> {
  override state = { failure: undefined }

  static getDerivedStateFromError(failure: unknown) {
    return { failure: failure ?? 'an unknown error' }
  }

  override render() {
    const { failure } = this.state as { failure: unknown }
    if (failure === undefined) return this.props.children
    return (
      <p role="alert">
        The session devtools failed: {describeThrown(failure)}{' '}
        <button type="button" onClick={() => this.setState({ failure: undefined })}>
          Try again
        </button>
      </p>
    )
  }
}
