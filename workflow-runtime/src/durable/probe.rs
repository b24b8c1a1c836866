//! Whether values of a type can be recorded at all, as far as the type shows.
//!
//! For example, JSON cannot represent a map whose keys are tuples. It is better to report that
//! before the first step that returns such a map has done its work than after. So a sample of the
//! type is created, by a deserializer that supplies whatever it is asked for, and is then written.

use std::any::type_name;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use serde::de::value::StrDeserializer;
use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};

/// Whether values of this type can be written and read. If that cannot be determined, the answer is
/// yes.
pub(super) fn check_type<T: Serialize + DeserializeOwned>() -> Result<(), String> {
    static CHECKED: Mutex<Option<HashMap<&'static str, Option<String>>>> = Mutex::new(None);
    let mut checked = CHECKED.lock().unwrap_or_else(PoisonError::into_inner);
    let checked = checked.get_or_insert_with(HashMap::new);
    if let Some(known) = checked.get(type_name::<T>()) {
        return known.clone().map_or(Ok(()), Err);
    }
    let problem = problem_of::<T>();
    checked.insert(type_name::<T>(), problem.clone());
    problem.map_or(Ok(()), Err)
}

fn problem_of<T: Serialize + DeserializeOwned>() -> Option<String> {
    // If a type rejects the sample, nothing can be determined about it.
    let sample = std::panic::catch_unwind(|| T::deserialize(Sample { depth: 0 }).ok()).ok()??;
    let error = serde_json::to_string(&sample).err()?;
    let is_about_keys = error.to_string().contains("key must be a string");
    is_about_keys.then(|| format!("a map in JSON has texts as keys ({error})"))
}

/// At greater depths, options are empty and lists end.
const DEEPEST: usize = 16;

#[derive(Clone, Copy)]
struct Sample {
    depth: usize,
}

impl Sample {
    fn inner(self) -> Self {
        Self { depth: self.depth + 1 }
    }

    fn is_deep(self) -> bool {
        self.depth >= DEEPEST
    }
}

#[derive(Debug)]
struct NoSample;

impl fmt::Display for NoSample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no sample")
    }
}

impl std::error::Error for NoSample {}

impl de::Error for NoSample {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

macro_rules! samples {
    ($($method:ident $visit:ident $($value:literal)?;)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NoSample> {
            visitor.$visit($($value)?)
        }
    )*};
}

impl<'de> Deserializer<'de> for Sample {
    type Error = NoSample;

    samples! {
        deserialize_any visit_unit;
        deserialize_bool visit_bool true;
        deserialize_i8 visit_i8 1;
        deserialize_i16 visit_i16 1;
        deserialize_i32 visit_i32 1;
        deserialize_i64 visit_i64 1;
        deserialize_i128 visit_i128 1;
        deserialize_u8 visit_u8 1;
        deserialize_u16 visit_u16 1;
        deserialize_u32 visit_u32 1;
        deserialize_u64 visit_u64 1;
        deserialize_u128 visit_u128 1;
        deserialize_f32 visit_f32 1.0;
        deserialize_f64 visit_f64 1.0;
        deserialize_char visit_char '1';
        deserialize_str visit_str "1";
        deserialize_string visit_str "1";
        deserialize_identifier visit_str "1";
        deserialize_unit visit_unit;
        deserialize_ignored_any visit_unit;
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NoSample> {
        visitor.visit_bytes(b"1")
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NoSample> {
        visitor.visit_bytes(b"1")
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NoSample> {
        if self.is_deep() { visitor.visit_none() } else { visitor.visit_some(self.inner()) }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, NoSample> {
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, NoSample> {
        if self.is_deep() {
            return Err(NoSample);
        }
        visitor.visit_newtype_struct(self.inner())
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NoSample> {
        visitor.visit_seq(Elements { sample: self, left: usize::from(!self.is_deep()) })
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, NoSample> {
        if self.is_deep() {
            return Err(NoSample);
        }
        visitor.visit_seq(Elements { sample: self, left: length })
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, NoSample> {
        self.deserialize_tuple(length, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NoSample> {
        visitor.visit_map(Elements { sample: self, left: usize::from(!self.is_deep()) })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, NoSample> {
        if self.is_deep() {
            return Err(NoSample);
        }
        visitor.visit_map(Fields { sample: self, fields })
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, NoSample> {
        match variants.first() {
            Some(first) if !self.is_deep() => visitor.visit_enum(Variant { sample: self, first }),
            _ => Err(NoSample),
        }
    }
}

/// The elements of a list, or one entry of a map.
struct Elements {
    sample: Sample,
    left: usize,
}

impl<'de> SeqAccess<'de> for Elements {
    type Error = NoSample;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, NoSample> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        seed.deserialize(self.sample.inner()).map(Some)
    }
}

impl<'de> MapAccess<'de> for Elements {
    type Error = NoSample;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, NoSample> {
        self.next_element_seed(seed)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, NoSample> {
        seed.deserialize(self.sample.inner())
    }
}

struct Fields {
    sample: Sample,
    fields: &'static [&'static str],
}

impl<'de> MapAccess<'de> for Fields {
    type Error = NoSample;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, NoSample> {
        let Some((first, rest)) = self.fields.split_first() else { return Ok(None) };
        self.fields = rest;
        seed.deserialize(StrDeserializer::new(first)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, NoSample> {
        seed.deserialize(self.sample.inner())
    }
}

struct Variant {
    sample: Sample,
    first: &'static str,
}

impl<'de> EnumAccess<'de> for Variant {
    type Error = NoSample;
    type Variant = Content;

    fn variant_seed<V: DeserializeSeed<'de>>(
        self,
        seed: V,
    ) -> Result<(V::Value, Content), NoSample> {
        let name = seed.deserialize(StrDeserializer::<NoSample>::new(self.first))?;
        Ok((name, Content(self.sample.inner())))
    }
}

/// The contents of a variant.
struct Content(Sample);

impl<'de> VariantAccess<'de> for Content {
    type Error = NoSample;

    fn unit_variant(self) -> Result<(), NoSample> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, NoSample> {
        seed.deserialize(self.0)
    }

    fn tuple_variant<V: Visitor<'de>>(
        self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, NoSample> {
        self.0.deserialize_tuple(length, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, NoSample> {
        self.0.deserialize_struct("", fields, visitor)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, HashMap, HashSet};

    use serde::{Deserialize, Serialize};

    use super::check_type;

    #[derive(Serialize, Deserialize)]
    struct Grid {
        name: String,
        cells: HashMap<(u8, u8), u32>,
    }

    #[derive(Serialize, Deserialize)]
    struct Tree {
        children: Vec<Tree>,
        next: Option<Box<Tree>>,
    }

    #[derive(Serialize, Deserialize)]
    enum Order {
        Lines(Vec<Option<(u32, String)>>),
    }

    #[test]
    fn a_map_with_tuples_as_keys_is_told_by_its_type() {
        assert!(check_type::<HashMap<(u8, u8), u32>>().is_err());
        let problem = check_type::<Option<Vec<Grid>>>().unwrap_err();
        assert!(problem.starts_with("a map in JSON has texts as keys"), "{problem}");
    }

    #[test]
    fn what_can_be_recorded_is() {
        check_type::<HashMap<u64, String>>().unwrap();
        check_type::<BTreeMap<String, HashSet<u8>>>().unwrap();
        check_type::<Tree>().unwrap();
        check_type::<Order>().unwrap();
        check_type::<(f64, Option<()>, [u8; 3], char, u128)>().unwrap();
        check_type::<serde_json::Value>().unwrap();
        check_type::<std::time::Duration>().unwrap();
    }
}
