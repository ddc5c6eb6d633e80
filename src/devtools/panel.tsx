import { useSession } from '../react/use-session.ts'
import { useSessionClient } from '../react/use-session-client.ts'
import { Actions } from './actions.tsx'
import type { Lane } from './lane.ts'
import { CallsList, CarriedList, EventsList, StorageList, TabsList, WithoutList } from './lists.tsx'
import { StateList } from './state-list.tsx'
import { Timeline } from './timeline.tsx'
import { useStored } from './use-record.ts'

/** Everything that the devtools show, wherever they stand. */
export function Panel({ lanes }: { lanes: readonly Lane[] }) {
  const [, storageKey] = useSessionClient().queryOptions.queryKey
  const stored = useStored(storageKey)
  const { status, persistence } = useSession()
  const own = lanes.find(({ isOwn }) => isOwn)
  return (
    <>
      <Actions lanes={lanes} stored={stored} />
      <Timeline lanes={lanes} />
      <div className="lists">
        <section>
          <h2>Session</h2>
          <StateList own={own} stored={stored} storageKey={storageKey} />
        </section>
        <TabsList lanes={lanes} />
        <EventsList lanes={lanes} />
        <WithoutList lanes={lanes} />
        <CarriedList lanes={lanes} />
        <CallsList lanes={lanes} />
        <StorageList stored={stored} storageKey={storageKey} status={status} persistence={persistence} />
      </div>
    </>
  )
}
