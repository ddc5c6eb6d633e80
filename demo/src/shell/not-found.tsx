import { Link } from '@tanstack/react-router'
import { View, ViewHeading } from './view.tsx'

export const NotFound = () => (
  <View title="Not here" className="quiet-view">
    <ViewHeading>Nothing stands here.</ViewHeading>
    <p className="lead">The page that you asked for is not in this shop.</p>
    <Link to="/" className="button primary">
      To the twelve objects
    </Link>
  </View>
)
