//! What the brand calls itself and its customers.

use super::{Setting, ToneRule, lexicon};
use crate::{
    domain::{At, Category, NewFinding, WordEntry},
    language::names,
    language::pattern::pattern,
    tone::Reading,
};

/// The brand's words for itself.
pub(super) struct SelfNaming;
/// The brand's words for the customer, and the title after a name.
pub(super) struct CustomerNaming;

impl ToneRule for SelfNaming {
    fn category(&self) -> Category {
        Category::SelfNaming
    }

    fn explain(&self) -> &'static str {
        "The brand calls itself by a word that is not its own."
    }

    fn check(&self, reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
        lexicon::own_words(reading, setting, out);
    }
}

impl ToneRule for CustomerNaming {
    fn category(&self) -> Category {
        Category::CustomerNaming
    }

    fn explain(&self) -> &'static str {
        "The customer is called by a word, or a name by a title, that is not the brand's."
    }

    fn check(&self, reading: &Reading, setting: &Setting, out: &mut Vec<NewFinding>) {
        let first = out.len();
        lexicon::own_words(reading, setting, out);
        // A window's proper name belongs to whoever runs it.
        let proper = |found: &NewFinding| {
            let behind = found.span.map_or("", |span| reading.behind(span.end));
            pattern!("^(?:相談(?:室|センター|窓口)|サービスセンター|サービス室)").is_match(behind)
        };
        let kept: Vec<NewFinding> = out.drain(first..).filter(|found| !proper(found)).collect();
        out.extend(kept);
        for entry in setting.settings.words.iter().filter(|entry| entry.at == At::NameSuffix) {
            suffixes(reading, setting, entry, out);
        }
    }
}

/// Titles right after a person's name. A name is one that stands alone on the addressee's line, that the
/// customer wrote, or that many people have: 皆さん, お子さま and 業者さん are no names.
fn suffixes(reading: &Reading, setting: &Setting, entry: &WordEntry, out: &mut Vec<NewFinding>) {
    for suffix in &entry.any {
        for (at, _) in reading.text().match_indices(suffix.as_str()) {
            let range = at..at + suffix.len();
            if !reading.speaks(&range) || reading.is_quoted(&range) || !after_name(reading, at, range.end) {
                continue;
            }
            let mut found = setting.word(reading, &super::super::words::Seen { range, entry });
            found.rule = format!("{}:{suffix}", Category::CustomerNaming.as_str());
            out.push(found);
        }
    }
}

fn after_name(reading: &Reading, at: usize, end: usize) -> bool {
    let head = &reading.text()[..at];
    let name = pattern!("(?:[一-龥々𠮷髙﨑]{1,4}(?:[ 　][一-龥々ぁ-んァ-ヶー]{1,4})?|[ァ-ヶー]{2,8})[ 　]?$");
    let Some(name) = name.find(head).map(|found| found.as_str().trim()) else { return false };
    // 様子, さまざま, さんざん: the title would be the head of a word.
    let behind = reading.text()[end..].chars().next();
    if behind.is_some_and(|c| matches!(c, '子' | '々' | '式' | '態' | '相' | 'ざ' | 'ん')) {
        return false;
    }
    let no_person = pattern!(
        "^(?:お客|客|皆|何|神|王|奥|同|仕|模|多|一|異|各|有|業者|担当者?|会員|先方|お?疲|ユーザー|メーカー|オーナー|ドライバー|スタッフ|配達員|店長|貴方|娘|息子|母|父|祖母|祖父|兄|姉|子|孫|赤|旦那|家族|両親|友人|お母|お父)$|(?:会社|商店|製作所|事務所|部|課|御中|者|員|店|社)$"
    );
    if no_person.is_match(name) {
        return false;
    }
    let alone = reading.addressees().iter().any(|line| line.start <= at && at < line.end);
    names::is_known_name(name)
        || alone && names::could_be_name(name)
        || name.chars().count() > 1 && reading.asked.text().contains(name) && signs(reading, name)
}

/// The customer wrote the name as their own: on a line of its own, or with 「と申します」.
fn signs(reading: &Reading, name: &str) -> bool {
    let own_line = |line: &str| line.trim().starts_with(name) && line.chars().count() < 16;
    let text = reading.asked.text();
    text.lines().any(own_line)
        || text.split(name).skip(1).any(|rest| rest.starts_with("と申") || rest.starts_with("です"))
}
