//! What retention looks at: the statements on each kind of row.
//!
//! When a row goes is decided in [`retention`](super::retention).

/// What is swept, and by which statements. `page` lists rows after an id, `next_ms` the first
/// believable time after an id.
pub(super) struct Rows {
    pub(super) page: &'static str,
    pub(super) next_ms: &'static str,
    pub(super) delete: &'static [&'static str],
    pub(super) needs_sessions: bool,
}

pub(super) const CHUNKS: Rows = Rows {
    page: "SELECT id, wall_ms, source, epoch FROM chunk WHERE id > ?1 ORDER BY id LIMIT ?2",
    next_ms: "SELECT wall_ms FROM chunk
              WHERE id > ?1 AND wall_ms BETWEEN ?2 AND ?3 ORDER BY id LIMIT 1",
    delete: &["DELETE FROM chunk WHERE id = ?1"],
    needs_sessions: true,
};
pub(super) const HOOKS: Rows = Rows {
    page: "SELECT id, received_ms, '', 0 FROM hook WHERE id > ?1 ORDER BY id LIMIT ?2",
    next_ms: "SELECT received_ms FROM hook
              WHERE id > ?1 AND received_ms BETWEEN ?2 AND ?3 ORDER BY id LIMIT 1",
    delete: &["DELETE FROM hook WHERE id = ?1"],
    needs_sessions: false,
};
pub(super) const NOTICES: Rows = Rows {
    page: "SELECT id, created_ms, '', 0 FROM outbox
           WHERE state IN ('delivered', 'dropped') AND id > ?1 ORDER BY id LIMIT ?2",
    next_ms: "SELECT created_ms FROM outbox
              WHERE id > ?1 AND created_ms BETWEEN ?2 AND ?3 ORDER BY id LIMIT 1",
    // Its attempts stay for the month's count, without their words.
    delete: &[
        "UPDATE attempt SET outbox_id = NULL, detail = NULL WHERE outbox_id = ?1",
        "UPDATE outbox SET digest_id = NULL WHERE digest_id = ?1",
        "DELETE FROM outbox WHERE id = ?1",
    ],
    needs_sessions: false,
};
pub(super) const CALLS: Rows = Rows {
    page: "SELECT id, started_ms, '', 0 FROM attempt
           WHERE outbox_id IS NULL AND id > ?1 ORDER BY id LIMIT ?2",
    next_ms: "SELECT started_ms FROM attempt
              WHERE id > ?1 AND started_ms BETWEEN ?2 AND ?3 ORDER BY id LIMIT 1",
    delete: &["DELETE FROM attempt WHERE id = ?1"],
    needs_sessions: false,
};
pub(super) const EVENTS: Rows = Rows {
    page: "SELECT seq, 1000 * unixepoch(observed_at), '', 0 FROM event
           WHERE seq > ?1 AND NOT EXISTS (SELECT 1 FROM outbox WHERE event_id = event.id)
           ORDER BY seq LIMIT ?2",
    next_ms: "SELECT 1000 * unixepoch(observed_at) AS ms FROM event
              WHERE seq > ?1 AND ms BETWEEN ?2 AND ?3 ORDER BY seq LIMIT 1",
    delete: &["DELETE FROM event WHERE seq = ?1"],
    needs_sessions: false,
};
