import { View, ViewHeading } from '../shell/view.tsx'

export const Laboratory = () => (
  <View title="Laboratory">
    <ViewHeading>The laboratory</ViewHeading>
  </View>
)
