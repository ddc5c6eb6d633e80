/** What the laboratory says to a frame, in the frame's name: that survives a reload and every link. */
export interface FrameOrder {
  label: string
  /** The session library finds storage blocked. */
  isStorageBlocked: boolean
  /** The session library finds no Web Locks, as on plain HTTP. */
  hasNoLocks: boolean
}

const MARK = 'halfnote-frame'

export const frameName = ({ label, isStorageBlocked, hasNoLocks }: FrameOrder): string =>
  [MARK, label, isStorageBlocked && 'storage-blocked', hasNoLocks && 'no-locks'].filter(Boolean).join(' ')

/** The order for this page; undefined where it is no frame of the laboratory. */
export function readFrameOrder(): FrameOrder | undefined {
  if (window.parent === window) return undefined
  const [mark, label = '', ...orders] = window.name.split(' ')
  if (mark !== MARK) return undefined
  return {
    label,
    isStorageBlocked: orders.includes('storage-blocked'),
    hasNoLocks: orders.includes('no-locks'),
  }
}
