//! What stays of a page, and how it reads.

use super::*;

fn body(html: &str) -> String {
    page(&Html::parse_document(html)).iter().map(Block::to_body).collect::<Vec<_>>().join("\n\n")
}

#[test]
fn paragraphs_headings_and_lists_read_as_those_of_markdown_do() {
    assert_eq!(
        body(
            "<h2>返品の\n 期限</h2><p><b>「返品」</b>\n<b>は</b><em>14日</em>以内です。<br>未開封に\n  限ります。</p>\n\
             <ul>\n <li>未開封</li>\n <li><p>未使用</p>\n  <ul><li>箱も</ul></li>\n</ul>\n\
             <ol start=3><li>開く<li>押す</ol><div>一行</div><div>二行</div>終わり"
        ),
        "## 返品の期限\n\n「返品」は14日以内です。\n未開封に限ります。\n\n・未開封\n・未使用\n　・箱も\n\n\
         3. 開く\n4. 押す\n\n一行\n二行\n終わり"
    );
}

#[test]
fn only_the_text_of_the_page_is_read() {
    let around = "<header>店名</header><nav>メニュー</nav>%<aside>おすすめ</aside><footer>会社概要</footer>\
        <script>var a='<p>秘</p>';</script><style>p{}</style><noscript>要JS</noscript><template>型</template>\
        <form>検索<input value=語><select><option>選択</select></form><button>送信</button><!-- 社外秘 -->\
        <p hidden>隠し</p><p style='color:red; DISPLAY : none'>隠し</p><p aria-hidden=true>隠し</p>\
        <div role=navigation>道</div><svg><title>絵</title><text>絵</text></svg><iframe>枠</iframe>";
    for text in [
        "<p>本文</p>",
        "<main><p>本文</p></main>",
        "<div role=main><p>本文</p></div>",
        "<article><p>本文</p></article>",
    ] {
        assert_eq!(body(&around.replace('%', text)), "本文", "{text}");
    }
    assert_eq!(
        body("<article><header><h1>題</h1></header><p>一</p></article><p>外</p><article>二</article>"),
        "# 題\n\n一\n\n二"
    );
    assert_eq!(body("<form><h1>題</h1><p>本文</p><button>送信</button></form>"), "# 題\n\n本文");
    assert_eq!(body(""), "");
}

#[test]
fn ruby_and_entities_read_as_one_reads_them() {
    assert_eq!(
        body("<p><ruby>送料<rp>(</rp><rt>そうりょう</rt><rp>)</rp></ruby>は&yen;550&amp;税&#12290;</p>"),
        "送料は¥550&税。"
    );
    assert_eq!(body("<p>a<sup>2</sup>&nbsp;b&lt;c&gt;</p><p>&nbsp;</p>"), "a2 b<c>");
}

#[test]
fn a_link_keeps_its_words_and_an_address_that_leads_somewhere() {
    assert_eq!(
        body(
            "<a href='https://a.example/x'>窓口</a>か<a href=returns.html>規定</a>か<a href='tel:0120-000-000'>電話</a>。"
        ),
        "窓口（https://a.example/x）か規定か電話（0120-000-000）。"
    );
    assert_eq!(
        body("<a href='https://a.example/x'><img src=x alt=''></a>詳細 <img src=y alt='見本の図'>"),
        "詳細 見本の図"
    );
}

#[test]
fn tables_say_what_their_cells_mean() {
    assert_eq!(
        body(
            "<table><caption>送料</caption><thead><tr><th>地域<th>送料</thead>\n<tbody>\n<tr><td>沖縄県</td>\n<td>880円<br>(税込)</td></tr>\
             <tr><td>本州<td></tbody></table>"
        ),
        "送料\n\n・地域：沖縄県、送料：880円 (税込)\n・地域：本州"
    );
    assert_eq!(
        body("<table><tr><th>返品</th><td><ul><li>14日<li>未開封</ul></td></tr></table>"),
        "・返品：・14日 ・未開封"
    );
    assert_eq!(
        body("<table><tr><td><table><tr><td><p>一</p><p>二</p></td></tr></table></td></tr></table>"),
        "一\n\n二"
    );
}

#[test]
fn questions_head_their_answers() {
    assert_eq!(
        body(
            "<h2>送料</h2><dl><dt>送料はいくらですか？</dt><dd>550円です。</dd><dt>無料になりますか</dt><dd><p>はい。</p><p>3,980円から。</p></dd></dl>"
        ),
        "## 送料\n\n### 送料はいくらですか？\n\n550円です。\n\n### 無料になりますか\n\nはい。\n\n3,980円から。"
    );
    assert_eq!(
        body(
            "<details><summary>返品の期限</summary>14日です。</details><details open><summary><h3>交換</h3></summary><p>できます。</p></details>"
        ),
        "## 返品の期限\n\n14日です。\n\n## 交換\n\nできます。"
    );
    assert_eq!(
        body("<ul><li><h3><button>返品できますか</button></h3><div>はい。</div></li></ul>"),
        "### 返品できますか\n\nはい。"
    );
}

#[test]
fn a_list_of_terms_says_each_with_what_it_means() {
    assert_eq!(
        body(
            "<dl><dt>送料</dt>\n<dd><p>550円</p></dd><div><dt>期限</dt><dd>14日</dd><dd>未開封</dd></div><dt></dt><dd>他</dd></dl><p>終</p>"
        ),
        "・送料：550円\n・期限：14日\n未開封\n他\n\n終"
    );
}

#[test]
fn a_line_that_only_looks_like_a_heading_is_told_apart() {
    assert_eq!(body("<pre># 手順\n  一</pre>"), "＃ 手順\n  一");
}

#[test]
fn a_mail_says_what_it_quotes() {
    let html = "<html><head><title>題</title></head><body><div>明日届きます。</div><div><br></div><div>2026年11月1日(日) 10:00 七瀬 &lt;<a href='mailto:a@b.example'>a@b.example</a>&gt;:<br></div>\
        <blockquote><div>椅子が</div><div>届きません。</div><blockquote>発送</blockquote></blockquote></body></html>";
    assert_eq!(
        mail(&Html::parse_document(html)),
        "明日届きます。\n\n2026年11月1日(日) 10:00 七瀬 <a@b.example>:\n> 椅子が\n> 届きません。\n> > 発送"
    );
}

#[test]
fn deep_nesting_is_walked_and_not_followed() {
    // The reader of HTML takes seconds for as many `<div>`; its own limit is `html::parse`.
    for (open, close, times) in [
        ("<span>", "</span>", 10_000),
        ("<table><tr><td>", "</table>", 10_000),
        ("<div>", "</div>", 2_000),
        ("<blockquote>", "</blockquote>", 2_000),
        ("<ul><li>", "</ul>", 1_000),
        ("<dl><dd><details><summary>", "", 500),
    ] {
        let html = format!("{}本文{}", open.repeat(times), close.repeat(times));
        let html = Html::parse_document(&html);
        assert!(page(&html).iter().any(|block| block.text.contains("本文")), "{open}");
        assert!(mail(&html).contains("本文"), "{open}");
    }
}
