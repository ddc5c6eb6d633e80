export const Routes = () => <h1>Shop</h1>
