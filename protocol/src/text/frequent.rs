//! Characters that stand on receipts of Chinese-speaking shops more often than chance.
//!
//! They tell GB 18030 from Big5 where both can be decoded: read the wrong way, text turns into rare
//! characters. Traditional and simplified forms stand side by side, since Hong Kong shops mix them.

/// The characters, without order.
const FREQUENT: &str = "\
的一二三四五六七八九十百千万萬零两兩元角分圆圓整年月日时時点點今天早午晚上下中大小新老本店号號码碼\
单單据據收银銀机機台臺桌枱檯位人数數量价價格金额額总總计計合小计应應付实實找零续續赎贖回现現\
卡八达達通信用刷支付宝寶微信转轉数数快银聯联港币幣纸紙硬折扣优優惠会會员員积積分券礼禮品税稅\
服务務费費外带帶卖賣堂食打包自取送餐饭飯面麵粉粥茶奶咖啡红紅绿綠柠檸檬冻凍热熱冰走少多甜糖\
鸡雞鸭鴨鹅鵝猪豬牛羊肉鱼魚虾蝦蟹蛋菜豆腐饺餃包点點心烧燒叉腊臘味炒煎炸蒸煮汤湯锅鍋砂咸鹹酸辣\
公司有限香港九龙龍新界街道路楼樓层層座商场場中心广廣地铺鋪电電话話传傳真网網址欢歡迎光临臨多谢\
謝惠顾顧客户戶订訂购購货貨退换換请請保留凭憑证證发發票税號名称稱商品项項目编編类類型规規时間间\
日期印打时列重补補作废廢取消原订单交易流水序收据操作经經手店员班次更结結营營业業额報报表开開钱\
錢柜櫃人次平均珍珠波霸芋圆圓仙草布丁椰果乌龍乌烏普洱铁鐵观觀音花生巧克力抹茶芝士奶盖蓋鲜鮮\
水果芒西瓜草莓桃橙汁苏蘇打可乐樂啤酒白酒杯瓶碗碟份件个個只隻支条條套双雙盒袋斤两克公升寸\
衫裤褲裙鞋帽药藥丸膏片粒和与及或之在了是不出来來去为為到先生小姐女士师師父";

/// Whether `c` is one of them, or punctuation that Chinese text uses.
pub(super) fn is_frequent(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{3011}' | '\u{FF01}'..='\u{FF5E}' | '￥' | '─'..='╬')
        || FREQUENT.contains(c)
}

#[cfg(test)]
mod tests {
    use super::is_frequent;

    #[test]
    fn both_scripts_are_known() {
        assert!("總總计計單单八達通".chars().all(is_frequent));
        assert!(!"龘齉".chars().any(is_frequent));
    }
}
