//! Graphs as data. Written by hand, since every user of the runtime has this and few need a derive.

use serde_core::Serialize;
use serde_core::ser::{SerializeStruct, Serializer};

use crate::{Edge, EdgeKind, Graph, Node, NodeKind, Parent, Source};

impl Serialize for Graph {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Graph", 4)?;
        fields.serialize_field("name", self.name)?;
        fields.serialize_field("inputs", self.inputs)?;
        fields.serialize_field("nodes", self.nodes)?;
        fields.serialize_field("edges", self.edges)?;
        fields.end()
    }
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Node", 5 + kind_len(&self.kind))?;
        fields.serialize_field("path", self.path)?;
        kind_fields(&mut fields, &self.kind)?;
        fields.serialize_field("function", &self.function)?;
        fields.serialize_field("file", self.file)?;
        fields.serialize_field("line", &self.line)?;
        fields.serialize_field("parent", &self.parent)?;
        fields.end()
    }
}

/// How many fields describe what a node is.
fn kind_len(kind: &NodeKind) -> usize {
    1 + usize::from(matches!(kind, NodeKind::Branch { .. } | NodeKind::FanOut { .. }))
}

/// What a node is, and the fields that only nodes of that kind have.
fn kind_fields<F: SerializeStruct>(fields: &mut F, kind: &NodeKind) -> Result<(), F::Error> {
    let name = match kind {
        NodeKind::Step => "step",
        NodeKind::Workflow => "workflow",
        NodeKind::Branch { .. } => "branch",
        NodeKind::FanOut { .. } => "fan-out",
        NodeKind::Value => "value",
        NodeKind::Block => "block",
    };
    fields.serialize_field("kind", name)?;
    match kind {
        NodeKind::Branch { arms } => fields.serialize_field("arms", arms),
        NodeKind::FanOut { concurrency } => fields.serialize_field("concurrency", concurrency),
        NodeKind::Step | NodeKind::Workflow | NodeKind::Value | NodeKind::Block => Ok(()),
    }
}

impl Serialize for NodeKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("NodeKind", kind_len(self))?;
        kind_fields(&mut fields, self)?;
        fields.end()
    }
}

impl Serialize for Parent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Parent", 2)?;
        fields.serialize_field("node", &self.node)?;
        fields.serialize_field("arm", &self.arm)?;
        fields.end()
    }
}

impl Serialize for Edge {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Edge", 3)?;
        fields.serialize_field("from", &self.from)?;
        fields.serialize_field("to", &self.to)?;
        fields.serialize_field("kind", &self.kind)?;
        fields.end()
    }
}

impl Serialize for Source {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Input(at) => serializer.serialize_newtype_variant("Source", 0, "input", at),
            Self::Node(at) => serializer.serialize_newtype_variant("Source", 1, "node", at),
        }
    }
}

impl Serialize for EdgeKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Data => serializer.serialize_unit_variant("EdgeKind", 0, "data"),
            Self::Order => serializer.serialize_unit_variant("EdgeKind", 1, "order"),
        }
    }
}
