"""What people do: keyword-only, the actor first, one transaction each, an audit entry each."""
